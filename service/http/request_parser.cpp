#include "service/http/request_parser.h"

#include "shared/base/error.h"

#include <boost/beast/core/string.hpp>

namespace logctl::http {
namespace {

namespace beast_http = boost::beast::http;

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::put:
      return Method::put;
    case beast_http::verb::patch:
      return Method::patch;
    case beast_http::verb::delete_:
      return Method::del;
    case beast_http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

void assign_lower_case(std::string& out, std::string_view text) {
  out.assign(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
}

}  // namespace

RequestParser::RequestParser(Request& request, std::uint32_t header_limit_bytes)
    : request_(request) {
  header_limit(header_limit_bytes);
  // With a limit Beast would refuse a Content-Length before the key is checked; the session looks
  // at it in its turn.
  body_limit(boost::none);
}

void RequestParser::expect_chunks(std::uint64_t limit) {
  body_limit(limit);
  eager(true);
}

void RequestParser::on_request_impl(beast_http::verb method, string_view, string_view target,
                                    int version, error_code&) {
  request_.method = method_of(method);
  request_.target.assign(target.data(), target.size());
  version_ = version;
}

void RequestParser::on_field_impl(beast_http::field field, string_view name, string_view value,
                                  error_code&) {
  if (!in_header_) return;  // trailers mean nothing here
  if (field == beast_http::field::host) ++hosts_;
  if (field == beast_http::field::transfer_encoding) {
    ++transfer_encodings_;
    plain_chunked_ = boost::beast::iequals(value, "chunked");
  }
  // Strings of the connection's last request are reused: the same client sends the same headers.
  if (fields_ == request_.headers.size()) request_.headers.emplace_back();
  auto& slot = request_.headers[fields_++];
  assign_lower_case(slot.first, {name.data(), name.size()});
  slot.second.assign(value.data(), value.size());
}

void RequestParser::on_header_impl(error_code&) {
  in_header_ = false;
  request_.headers.resize(fields_);
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) {
  request_.body.append(piece.data(), piece.size());
  return piece.size();
}

void RequestParser::check_framing() const {
  if (hosts_ > 1) throw Error(ErrorCode::invalid_request, "more than one Host header");
  if (hosts_ == 0 && version_ == 11) {
    throw Error(ErrorCode::invalid_request, "the Host header is missing");
  }
  if (transfer_encodings_ == 0) return;
  if (transfer_encodings_ > 1 || !plain_chunked_) {
    throw Error(ErrorCode::invalid_request,
                "Transfer-Encoding is not understood, expected chunked");
  }
  if (version_ == 10) {
    throw Error(ErrorCode::invalid_request, "HTTP/1.0 knows no Transfer-Encoding");
  }
}

}  // namespace logctl::http
