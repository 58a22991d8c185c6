// HTTP/1 grammar by Beast, written straight into our Request: no second container of fields.
//
// One parser per request. Bodies with a Content-Length are not fed to it: the session reads them
// into the body string itself.
#pragma once

#include "service/http/request.h"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>

namespace logctl::http {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  // Fills method, target, headers and, when chunked, the body of `request`, which must outlive it.
  RequestParser(Request& request, std::uint32_t header_limit);

  // Prepares for a chunked body of at most `limit` bytes.
  void expect_chunks(std::uint64_t limit);

  // Throws Error{invalid_request} when the end of the body is ambiguous or a needed header lacks.
  void check_framing() const;
  bool http_1_0() const { return version_ == 10; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, string_view method_text, string_view target,
                       int version, error_code& error) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                     error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view piece, error_code&) override { return piece.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code& error) override;
  void on_finish_impl(error_code&) override {}

  Request& request_;
  std::size_t fields_ = 0;
  int version_ = 11;
  int hosts_ = 0;
  int transfer_encodings_ = 0;
  bool plain_chunked_ = true;
  bool in_header_ = true;
};

}  // namespace logctl::http
