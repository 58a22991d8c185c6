#include "tests/support/temp_dir.h"
#include "tests/unit/http/server_fixture.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::minutes kLong(10);

// A key and a certificate that it signed itself.
void write_certificate(const std::string& certificate, const std::string& key) {
  EVP_PKEY* pair = EVP_EC_gen("P-256");
  X509* x509 = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, pair);
  X509_NAME* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  X509_sign(x509, pair, EVP_sha256());
  FILE* file = std::fopen(certificate.c_str(), "w");
  PEM_write_X509(file, x509);
  std::fclose(file);
  file = std::fopen(key.c_str(), "w");
  PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(x509);
  EVP_PKEY_free(pair);
}

struct Handshake {
  bool done = false;
  std::string version;
  Reply reply;
};

// One request over TLS with at most that version.
Handshake ask_over_tls(std::uint16_t port, int max_version, const std::string& request) {
  const Client client(port);
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_max_proto_version(context, max_version);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, client.fd());
  Handshake result;
  result.done = SSL_connect(ssl) == 1;
  if (result.done) {
    result.version = SSL_get_version(ssl);
    SSL_write(ssl, request.data(), static_cast<int>(request.size()));
    std::string data;
    std::optional<Reply> reply;
    char buffer[16384];
    while (!(reply = take_reply(data, false))) {
      const int n = SSL_read(ssl, buffer, sizeof(buffer));
      if (n <= 0) break;
      data.append(buffer, static_cast<std::size_t>(n));
    }
    if (reply) result.reply = *reply;
    SSL_shutdown(ssl);
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  return result;
}

std::string error_of(TestServer& server) {
  try {
    server.start();
  } catch (const Error& error) {
    return std::string(info(error.code()).name) + ": " + error.message();
  }
  return "started";
}

}  // namespace

TEST_CASE("connection: slow requests get 408, silent connections nothing", "[http]") {
  TestServer server;
  server.config.server.read_timeout = milliseconds(60);
  server.config.server.idle_timeout = milliseconds(60);
  server.start();
  Client silent = server.connect();
  CHECK(silent.ended());

  Client header = server.connect();
  header.send("GET /echo HTT");
  const Reply reply = header.reply();
  CHECK(reply.status == 408);
  CHECK(reply.body.find("the request header did not arrive in time") != std::string::npos);
  CHECK(reply.header("Connection") == "close");
  CHECK(header.ended());

  Client body = server.connect();
  body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhal");
  CHECK(body.reply().body.find("the request body did not arrive in time") != std::string::npos);
  CHECK(body.ended());

  Client chunk = server.connect();
  chunk.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha");
  CHECK(chunk.reply().status == 408);

  // After an answer the connection is idle again.
  Client idle = server.connect();
  CHECK(idle.send(get("/echo")).reply().status == 200);
  CHECK(idle.ended());
  server.await_connections(0);
}

TEST_CASE("connection: a client that does not read is dropped", "[http]") {
  TestServer server;
  server.config.server.write_timeout = milliseconds(60);
  server.start();
  Client client(server.port(), 4096);
  client.send(get("/big") + get("/big"));
  server.await_connections(1);
  server.await_connections(0);
}

TEST_CASE("connection: a handler may take longer than any time-out", "[http]") {
  TestServer server;
  server.config.server.read_timeout = milliseconds(40);
  server.config.server.idle_timeout = milliseconds(40);
  server.start();
  Client slow = server.connect();
  slow.send(get("/slow"));
  server.gate.await_waiting(1);
  // When this one is closed for being idle, the deadlines have been looked at.
  Client idle = server.connect();
  CHECK(idle.ended());
  server.gate.open();
  CHECK(slow.reply().body == "slow");
}

TEST_CASE("connection: a client that leaves early is no trouble", "[http]") {
  TestServer server;
  server.start();
  server.connect().send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhal");
  server.connect().send("GET /ec");
  Client waiting = server.connect();
  waiting.send(get("/slow"));
  server.gate.await_waiting(1);
  waiting.close();
  server.gate.open();
  server.await_connections(0);
  CHECK(server.counted(R"(endpoint="/echo",method="POST",status="499"} 1)"));
}

TEST_CASE("connection: beyond the cap there is 503, and below it again service", "[http]") {
  TestServer server;
  server.config.server.max_connections = 2;
  server.start();
  Client first = server.connect();
  Client second = server.connect();
  CHECK(first.send(get("/echo")).reply().status == 200);
  CHECK(second.send(get("/echo")).reply().status == 200);

  Client third = server.connect();
  const Reply refused = third.send(get("/echo")).reply();
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "1");
  CHECK(refused.header("Connection") == "close");
  CHECK(refused.body.find("all 2 connections are in use") != std::string::npos);
  CHECK(third.ended());
  // Also to a client that waits to be spoken to.
  Client silent = server.connect();
  CHECK(silent.reply().status == 503);

  CHECK(second.send(get("/echo")).reply().status == 200);
  first.close();
  third.close();
  silent.close();
  server.await_connections(1);
  CHECK(server.ask(get("/echo")).status == 200);
}

TEST_CASE("connection: request bodies in memory are limited together", "[http]") {
  TestServer server;
  server.config.server.max_pending_bytes = 1'000'000;
  server.start();
  Client first = server.connect();
  first.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: "
      "900000\r\n\r\n");
  REQUIRE(first.receives("HTTP/1.1 100 Continue\r\n\r\n"));
  // What is only announced keeps nobody out; what has come does.
  CHECK(server.ask(post("/echo", std::string(200'000, 'x'))).status == 200);
  server.await_body_bytes(256 * 1024);  // room for the first piece
  first.send(std::string(899'999, 'x'));
  server.await_body_bytes(900'000);
  const Reply refused = server.ask(post("/echo", std::string(200'000, 'x')));
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "1");
  CHECK(refused.body.find("too many request bodies are in memory") != std::string::npos);
  first.send("x");
  CHECK(first.reply().status == 200);
  // Next on the same connection, so the first body has been given back.
  CHECK(first.send(get("/echo")).reply().status == 200);
  server.await_body_bytes(0);
  CHECK(server.ask(post("/echo", std::string(1'200'000, 'x'))).status == 200);
}

TEST_CASE("connection: stop lets requests finish and closes idle connections", "[http]") {
  TestServer server;
  server.start();
  Client idle = server.connect();
  CHECK(idle.send(get("/echo")).reply().status == 200);
  Client busy = server.connect();
  busy.send(get("/slow") + get("/echo"));
  server.gate.await_waiting(1);

  server.stop(kLong);
  CHECK(idle.ended());
  CHECK_FALSE(server.has_stopped());
  server.gate.open();
  const Reply reply = busy.reply();
  CHECK(reply.body == "slow");
  CHECK(reply.header("Connection") == "close");
  CHECK(busy.ended());
  server.await_stopped();
  CHECK(server.server->connections() == 0);
}

TEST_CASE("connection: a second stop hurries, but running work is waited for", "[http]") {
  TestServer server;
  server.start();
  Client busy = server.connect();
  busy.send(get("/slow"));
  Client half = server.connect();
  half.send("GET /ec");
  server.gate.await_waiting(1);
  server.await_connections(2);

  server.stop(kLong);
  std::promise<void> second;
  server.server->stop(milliseconds(1), [&] { second.set_value(); });
  CHECK(busy.ended());
  CHECK(half.ended());
  CHECK_FALSE(server.has_stopped());
  server.gate.open();
  server.await_stopped();
  second.get_future().wait();
}

TEST_CASE("connection: stop without connections is done at once", "[http]") {
  TestServer server;
  server.start();
  const std::uint16_t port = server.port();
  server.stop(kLong);
  server.await_stopped();
  server.end();
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0);
  ::close(fd);
}

TEST_CASE("connection: several io threads serve many connections", "[http]") {
  TestServer server;
  server.config.server.io_threads = 3;
  server.config.server.read_timeout = milliseconds(2000);
  server.start();
  std::vector<Client> clients;
  for (int i = 0; i < 32; ++i) clients.push_back(server.connect());
  int right = 0;
  for (int round = 0; round < 20; ++round) {
    // All of them are in flight at once.
    for (std::size_t i = 0; i < clients.size(); ++i) {
      clients[i].send(post("/echo", std::to_string(round * 100 + static_cast<int>(i) + 1000)));
    }
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const std::string body = std::to_string(round * 100 + static_cast<int>(i) + 1000);
      right += clients[i].reply().body == "POST /echo body=4:" + body ? 1 : 0;
    }
  }
  CHECK(right == 32 * 20);
  server.stop(kLong);
  server.await_stopped();
}

TEST_CASE("connection: TLS from version 1.2 on", "[http]") {
  const TempDir dir;
  const std::string certificate = dir.path() / "cert.pem";
  const std::string key = dir.path() / "key.pem";
  write_certificate(certificate, key);
  TestServer server;
  server.config.server.listeners = {"https://127.0.0.1:0?cert=" + certificate + "&key=" + key};
  server.start();
  CHECK(server.server->addresses()[0] == "https://127.0.0.1:" + std::to_string(server.port()));

  const Handshake newest = ask_over_tls(server.port(), TLS1_3_VERSION, post("/echo", "hi"));
  CHECK(newest.version == "TLSv1.3");
  CHECK(newest.reply.body == "POST /echo body=2:hi");
  CHECK(ask_over_tls(server.port(), TLS1_2_VERSION, get("/big")).reply.body.size() == 8U << 20);
  // The answer survives although the body is never read.
  const std::string large(11'000'000, 'x');
  CHECK(ask_over_tls(server.port(), TLS1_3_VERSION, post("/echo", large)).reply.status == 413);
  CHECK_FALSE(ask_over_tls(server.port(), TLS1_1_VERSION, get("/echo")).done);
  // Somebody who speaks plain HTTP is turned away without harm.
  Client plain = server.connect();
  plain.send(get("/echo"));
  CHECK_FALSE(plain.receives("HTTP/"));
  CHECK(ask_over_tls(server.port(), TLS1_3_VERSION, get("/echo")).reply.status == 200);
}

TEST_CASE("connection: bad certificates are named", "[http]") {
  const TempDir dir;
  const std::string certificate = dir.path() / "cert.pem";
  const std::string key = dir.path() / "key.pem";
  const std::string other_key = dir.path() / "other.pem";
  write_certificate(dir.path() / "unused.pem", other_key);
  write_certificate(certificate, key);
  const auto f = [&](const std::string& cert_file, const std::string& key_file,
                     const std::string& message) {
    TestServer server;
    server.config.server.listeners = {"https://127.0.0.1:0?cert=" + cert_file + "&key=" + key_file};
    CHECK(error_of(server).starts_with(message));
  };
  f("/missing.pem", key, "config: certificate '/missing.pem' cannot be used: ");
  f(certificate, "/missing.pem", "config: key '/missing.pem' cannot be used: ");
  f(certificate, certificate, "config: key '" + certificate + "' cannot be used: ");
  f(certificate, other_key, "config: key '" + other_key + "' cannot be used: ");
}

TEST_CASE("connection: a unix socket is there while the server runs", "[http]") {
  const TempDir dir;
  const std::string path = dir.path() / "logctl.sock";
  {
    // What a killed process leaves behind.
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    ::close(fd);
  }
  TestServer server;
  server.config.server.listeners = {"unix://" + path + "?surfaces=ops", "http://127.0.0.1:0"};
  server.start();
  CHECK(server.server->addresses()[0] == "unix://" + path);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0660);
  CHECK(Client(path).send(get("/echo")).reply().status == 200);
  // Only what is mounted there.
  CHECK(Client(path).send(get("/read")).reply().status == 404);
  CHECK(Client(server.port(1)).send(get("/read")).reply().status == 401);

  TestServer second;
  second.config.server.listeners = {"unix://" + path};
  CHECK(error_of(second) == "locked: cannot listen on unix://" + path + ": Address already in use");
  CHECK(std::filesystem::exists(path));
  server.stop(kLong);
  server.await_stopped();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("connection: an address that cannot be had is named", "[http]") {
  TestServer first;
  first.start();
  const std::string port = std::to_string(first.port());
  const TempDir dir;
  const std::string file = dir.path() / "file";
  std::fclose(std::fopen(file.c_str(), "w"));
  const auto f = [&](const std::string& listener, const std::string& message) {
    TestServer server;
    server.config.server.listeners = {listener};
    CHECK(error_of(server).starts_with(message));
  };
  f("http://127.0.0.1:" + port,
    "locked: cannot listen on http://127.0.0.1:" + port + ": Address already in use");
  f("http://192.0.2.1:0",
    "config: cannot listen on http://192.0.2.1:0: Cannot assign requested address");
  f("http://no-such-host.invalid:0",
    "config: cannot listen on http://no-such-host.invalid:0: the name 'no-such-host.invalid' is "
    "unknown: ");
  f("unix://" + file, "config: cannot listen on unix://" + file + ": the path is there and not");
  f("unix:///" + std::string(120, 'x'), "config: cannot listen on unix:///" +
                                            std::string(120, 'x') +
                                            ": the path is longer than 107 bytes");
}

TEST_CASE("connection: running out of descriptors only delays", "[http]") {
  TestServer server;
  server.start();
  Client late = server.connect();
  CHECK(late.send(get("/echo")).reply().status == 200);
  Client next = [&] {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlimit before = limit;
    const int probe = ::dup(0);
    ::close(probe);
    // Room for the client's end of one more connection, and none for the server's.
    limit.rlim_cur = static_cast<rlim_t>(probe) + 1;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    Client client = server.connect();
    client.send(get("/echo"));
    // Served connections go on meanwhile.
    CHECK(late.send(get("/echo")).reply().status == 200);
    ::setrlimit(RLIMIT_NOFILE, &before);
    return client;
  }();
  CHECK(next.reply().status == 200);
}
