#include "service/http/listener.h"

#include <boost/asio/ssl/context.hpp>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace logctl::http {
namespace {

using boost::system::error_code;

void check(const error_code& error, const char* what, const std::string& file) {
  if (!error) return;
  throw Error(ErrorCode::config,
              std::string(what) + " '" + file + "' cannot be used: " + error.message(),
              "expected a PEM file that this user may read");
}

}  // namespace

std::shared_ptr<asio::ssl::context> make_tls_context(const std::string& certificate,
                                                     const std::string& key) {
  using Tls = asio::ssl::context;
  auto context = std::make_shared<Tls>(Tls::tls_server);
  context->set_options(Tls::default_workarounds | Tls::no_sslv2 | Tls::no_sslv3 | Tls::no_tlsv1 |
                       Tls::no_tlsv1_1 | Tls::no_compression);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
  error_code error;
  context->use_certificate_chain_file(certificate, error);
  check(error, "certificate", certificate);
  context->use_private_key_file(key, Tls::pem, error);
  check(error, "key", key);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    throw Error(ErrorCode::config,
                "key '" + key + "' does not belong to certificate '" + certificate + "'");
  }
  return context;
}

Timestamp certificate_end(const std::string& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_file(file.c_str(), "r"), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  std::tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
    throw Error(ErrorCode::config, "certificate '" + file + "' cannot be read",
                "expected a PEM file that this user may read");
  }
  return Timestamp(seconds(::timegm(&end)));
}

void check_listeners(const config::Config& config) {
  for (const ListenerSpec& spec : listener_specs(config)) {
    if (spec.kind == ListenerSpec::Kind::tls) make_tls_context(spec.certificate, spec.key);
  }
}

}  // namespace logctl::http
