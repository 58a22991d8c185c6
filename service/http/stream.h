// The bytes of one connection, whatever carries them: TCP, TLS or a unix socket.
//
// Every operation is bounded by its caller, who ends it with cancel(). All members are called on
// the connection's executor. One that reads and one that writes may run at the same time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>

namespace logctl::http {

namespace asio = boost::asio;

using Socket = asio::generic::stream_protocol::socket;

struct Io {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

class Stream {
 public:
  // The head and the body of an answer, written in one system call where possible.
  using Pieces = std::array<asio::const_buffer, 2>;

  virtual ~Stream() = default;
  virtual asio::awaitable<boost::system::error_code> handshake() = 0;
  virtual asio::awaitable<Io> read_some(asio::mutable_buffer space) = 0;
  virtual asio::awaitable<Io> write_some(Pieces pieces) = 0;
  // Waits until bytes have arrived or the peer has hung up, and takes nothing off the wire.
  virtual asio::awaitable<void> wait_readable() = 0;
  // Tells the peer that nothing more will come. With TLS nothing can be read afterwards.
  virtual asio::awaitable<void> end_sending() = 0;
  virtual bool can_half_close() const = 0;
  // Bytes have arrived that nobody read: closing now would destroy what was sent last.
  virtual bool has_unread() = 0;
  // Whether it may still send: `ended` has ended its side of the connection and may still read.
  enum class Peer { open, ended, lost };
  virtual Peer peer() = 0;
  // Ends the running operations with operation_aborted.
  virtual void cancel() = 0;
  virtual void close() = 0;

 protected:
  static Peer peer_of(int socket);
};

std::unique_ptr<Stream> make_plain_stream(Socket socket);
// `context` is kept alive by the stream.
std::unique_ptr<Stream> make_tls_stream(Socket socket, std::shared_ptr<asio::ssl::context> context);

}  // namespace logctl::http
