#include "http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <openssl/ssl.h>

#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "system.hpp"

namespace phiscan::host {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using namespace std::chrono_literals;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Tcp = beast::tcp_stream;
using Tls = asio::ssl::stream<beast::tcp_stream>;

// What a client may still send after a refusal before the connection ends: enough for the answer to arrive before the reset.
constexpr std::size_t dropped_bytes = std::size_t{1} << 20;
constexpr std::size_t skipped_bytes = std::size_t{64} << 10;
constexpr auto farewell = 2s;

std::string lower(beast::string_view text) {
  std::string out(text.data(), text.size());
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

Tcp& lowest(Tcp& stream) { return stream; }
Tcp& lowest(Tls& stream) { return stream.next_layer(); }

// HTTP/1.1 or nothing, so that nobody believes this to be something else.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned int in_size, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, ours, sizeof ours, in, in_size) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::optional<std::string_view> Head::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::size_t Head::count(std::string_view name) const {
  std::size_t out = 0;
  for (const auto& one : fields) out += one.first == name ? 1 : 0;
  return out;
}

// Everything that connections share; they keep it alive.
struct HttpServer::Parts {
  Parts(Service& the_service, HttpLimits the_limits, unsigned threads) : service(the_service), limits(the_limits), thread_count(std::max(1U, threads)), io(static_cast<int>(thread_count)), acceptor(asio::make_strand(io)) {}

  // A place for one connection; nothing when there is none left.
  bool enter(const std::string& address) {
    const std::lock_guard lock(mutex);
    if (open >= limits.connections || is_over) return false;
    auto& mine = by_address[address];
    if (mine >= limits.per_address) return false;
    ++mine;
    ++open;
    return true;
  }
  void leave(const std::string& address) {
    const std::lock_guard lock(mutex);
    --open;
    const auto at = by_address.find(address);
    if (at != by_address.end() && --at->second == 0) by_address.erase(at);
    if (open == 0) has_left.notify_all();
  }
  std::shared_ptr<asio::ssl::context> tls() {
    const std::lock_guard lock(mutex);
    return context;
  }
  bool ends() {
    const std::lock_guard lock(mutex);
    return is_over;
  }

  // A connection that waits for its next request, while this lives.
  class Idle {
   public:
    Idle(Parts& parts, Tcp& stream) : parts_(parts), stream_(stream) {
      const std::lock_guard lock(parts_.mutex);
      parts_.idle.insert(&stream_);
    }
    ~Idle() {
      const std::lock_guard lock(parts_.mutex);
      parts_.idle.erase(&stream_);
    }
    Idle(const Idle&) = delete;
    Idle& operator=(const Idle&) = delete;

   private:
    Parts& parts_;
    Tcp& stream_;
  };

  asio::awaitable<void> accept();
  void welcome(tcp::socket socket);
  asio::awaitable<void> greet_tls(tcp::socket socket, Peer peer, std::shared_ptr<asio::ssl::context> with);
  asio::awaitable<void> greet_plain(tcp::socket socket, Peer peer);
  template <typename Stream>
  asio::awaitable<void> serve(Stream& stream, const Peer& peer);
  template <typename Stream>
  asio::awaitable<bool> say(Stream& stream, Answer answer, bool is_head, bool keep);
  template <typename Stream>
  asio::awaitable<void> drop(Stream& stream);

  Service& service;
  const HttpLimits limits;
  const unsigned thread_count;

  std::mutex mutex;
  std::condition_variable has_left;
  std::shared_ptr<asio::ssl::context> context;
  std::size_t open = 0;
  std::map<std::string, std::size_t> by_address;
  std::set<Tcp*> idle;
  bool is_over = false;

  // Last, so that what runs in it goes before what it uses.
  asio::io_context io;
  tcp::acceptor acceptor;
  std::vector<std::jthread> threads;
};

namespace {

// Somebody who waits for an answer from another thread, and may be gone when it comes.
class Waiting {
 public:
  explicit Waiting(asio::any_io_executor executor) : executor_(std::move(executor)), bell_(*executor_) {}

  // On the connection's strand. Nothing when it took too long.
  asio::awaitable<std::optional<Answer>> wait(std::chrono::milliseconds allowed) {
    error_code error;
    bell_->expires_after(allowed);
    if (!answer_) co_await bell_->async_wait(redirect_error(use_awaitable, error));
    co_return std::move(answer_);
  }
  // From any thread.
  static void deliver(const std::shared_ptr<Waiting>& self, Answer answer) {
    const std::lock_guard lock(self->mutex_);
    if (!self->executor_) return;
    asio::post(*self->executor_, [self, answer = std::move(answer)]() mutable {
      const std::lock_guard still(self->mutex_);
      if (!self->bell_ || self->answer_) return;
      self->answer_ = std::move(answer);
      self->bell_->cancel();
    });
  }
  // Nobody waits any more; nothing of the server is held from here on.
  void leave() {
    const std::lock_guard lock(mutex_);
    bell_.reset();
    executor_.reset();
  }

 private:
  std::mutex mutex_;
  std::optional<asio::any_io_executor> executor_;
  std::optional<asio::steady_timer> bell_;
  std::optional<Answer> answer_;
};

struct Leaving {
  explicit Leaving(asio::any_io_executor executor) : waiting(std::make_shared<Waiting>(std::move(executor))) {}
  ~Leaving() { waiting->leave(); }
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;

  const std::shared_ptr<Waiting> waiting;
};

}  // namespace

asio::awaitable<void> HttpServer::Parts::accept() {
  while (acceptor.is_open()) {
    error_code error;
    tcp::socket socket(asio::make_strand(io));
    co_await acceptor.async_accept(socket, redirect_error(use_awaitable, error));
    if (!acceptor.is_open()) co_return;
    if (error == asio::error::no_descriptors || error == asio::error::no_buffer_space || error == asio::error::no_memory) {
      service.turned_away();
      asio::steady_timer pause(acceptor.get_executor(), 100ms);
      co_await pause.async_wait(redirect_error(use_awaitable, error));
      continue;
    }
    if (!error) welcome(std::move(socket));
  }
}

void HttpServer::Parts::welcome(tcp::socket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  const auto own = socket.local_endpoint(error);
  if (error) return;
  Peer peer{remote.address().to_string(), remote.port(), own.port(), remote.address().is_loopback()};
  if (!enter(peer.address)) return service.turned_away();
  socket.set_option(tcp::no_delay(true), error);
  const auto with = tls();
  const auto executor = socket.get_executor();
  const auto address = peer.address;
  auto done = [this, address](const std::exception_ptr&) { leave(address); };
  if (with) asio::co_spawn(executor, greet_tls(std::move(socket), std::move(peer), with), std::move(done));
  else asio::co_spawn(executor, greet_plain(std::move(socket), std::move(peer)), std::move(done));
}

asio::awaitable<void> HttpServer::Parts::greet_tls(tcp::socket socket, Peer peer, std::shared_ptr<asio::ssl::context> with) {
  Tls stream(Tcp(std::move(socket)), *with);
  error_code error;
  stream.next_layer().expires_after(limits.handshake);
  co_await stream.async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
  if (error) {
    if (error == beast::error::timeout) service.timed_out();
    co_return;
  }
  co_await serve(stream, peer);
}

asio::awaitable<void> HttpServer::Parts::greet_plain(tcp::socket socket, Peer peer) {
  Tcp stream(std::move(socket));
  co_await serve(stream, peer);
}

template <typename Stream>
asio::awaitable<void> HttpServer::Parts::serve(Stream& stream, const Peer& peer) {
  auto& bottom = lowest(stream);
  beast::flat_buffer buffer(limits.head_bytes + skipped_bytes);
  error_code error;
  for (bool is_first = true;; is_first = false) {
    // Nothing of this request is there yet: the connection may wait, and may be ended.
    std::size_t got = 0;
    {
      const Idle idle_now(*this, bottom);
      if (ends()) co_return;
      bottom.expires_after(is_first ? limits.head : limits.idle);
      got = co_await stream.async_read_some(buffer.prepare(4096), redirect_error(use_awaitable, error));
    }
    if (error) {
      if (error == beast::error::timeout && is_first) service.timed_out();
      if (error != beast::error::timeout) co_await drop(stream);
      co_return;
    }
    buffer.commit(got);

    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.head_bytes));
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // what it says is the service's to judge
    bottom.expires_after(limits.head);
    co_await http::async_read_header(stream, buffer, parser, redirect_error(use_awaitable, error));
    if (error) {
      if (error == beast::error::timeout) service.timed_out();
      else if (error.category() == http::make_error_code(http::error::bad_method).category() && error != http::error::end_of_stream && error != http::error::partial_message) {
        (void)co_await say(stream, service.not_http(error == http::error::header_limit || error == http::error::buffer_overflow ? 431 : 400), false, false);
      }
      co_await drop(stream);
      co_return;
    }

    const auto& message = parser.get();
    Head head;
    head.method = std::string(message.method_string());
    head.target = std::string(message.target());
    head.is_1_1 = message.version() == 11;
    for (const auto& field : message) head.fields.emplace_back(lower(field.name_string()), std::string(field.value()));
    head.peer = peer;
    const bool is_head = head.method == "HEAD";
    bool wants_more = message.keep_alive();
    auto ruling = service.rule(head);

    Answer answer;
    if (auto* accept = std::get_if<Accept>(&ruling)) {
      parser.body_limit(accept->body_bytes);
      bottom.expires_after(accept->body_time);
      if (beast::iequals(message[http::field::expect], "100-continue") && !parser.is_done() && buffer.size() == 0) {
        http::response<http::empty_body> go_on(http::status::continue_, 11);
        co_await http::async_write(stream, go_on, redirect_error(use_awaitable, error));
      }
      if (!error) co_await http::async_read(stream, buffer, parser, redirect_error(use_awaitable, error));
      if (error) {
        if (error == beast::error::timeout) service.timed_out();
        ruling = Answer{};  // whoever waits for the body is let go
        co_await drop(stream);
        co_return;
      }
      // What comes before we have answered is no browser's doing: it is answered never.
      if (buffer.size() > 0) wants_more = false;
      const Leaving here(bottom.get_executor());
      accept->go(std::move(parser.get().body()), [waiting = here.waiting](Answer given) { Waiting::deliver(waiting, std::move(given)); });
      bottom.expires_never();
      auto given = co_await here.waiting->wait(accept->reply_time);
      if (!given) {
        service.timed_out();
        co_return;
      }
      answer = std::move(*given);
      ruling = Answer{};
    } else {
      answer = std::get<Answer>(std::move(ruling));
      // A refused body must not be taken for the next request.
      const auto length = parser.content_length();
      const bool has_body = head.count("transfer-encoding") > 0 || (length && *length > 0);
      if (has_body && answer.skips_body && length && *length <= skipped_bytes && head.count("transfer-encoding") == 0 && head.count("expect") == 0) {
        parser.body_limit(skipped_bytes);
        bottom.expires_after(limits.head);
        co_await http::async_read(stream, buffer, parser, redirect_error(use_awaitable, error));
        if (error) co_return;
      } else if (has_body) {
        answer.keep = false;
      }
      if (buffer.size() > 0) wants_more = false;
    }
    const bool keep = wants_more && answer.keep && !ends();
    if (!co_await say(stream, std::move(answer), is_head, keep)) co_return;
    if (!keep) {
      co_await drop(stream);
      co_return;
    }
  }
}

template <typename Stream>
asio::awaitable<bool> HttpServer::Parts::say(Stream& stream, Answer answer, bool is_head, bool keep) {
  http::response<http::string_body> out(static_cast<http::status>(answer.status), 11);
  if (!answer.media_type.empty()) out.set(http::field::content_type, answer.media_type);
  for (const auto& [name, value] : answer.fields) out.set(name, value);
  out.keep_alive(keep);
  const bool has_body = answer.status != 304;
  if (has_body) out.content_length(answer.body.size());
  if (has_body && !is_head) out.body() = std::move(answer.body);
  error_code error;
  lowest(stream).expires_after(limits.write);
  http::response_serializer<http::string_body> serializer(out);
  co_await http::async_write(stream, serializer, redirect_error(use_awaitable, error));
  if (error == beast::error::timeout) service.timed_out();
  co_return !error;
}

// The end of a connection, such that what was said last arrives: says goodbye, then drops what still comes for a moment.
template <typename Stream>
asio::awaitable<void> HttpServer::Parts::drop(Stream& stream) {
  auto& bottom = lowest(stream);
  error_code error;
  bottom.expires_after(farewell);
  if constexpr (std::is_same_v<Stream, Tls>) {
    co_await stream.async_shutdown(redirect_error(use_awaitable, error));
  }
  bottom.socket().shutdown(tcp::socket::shutdown_send, error);
  char piece[4096];
  error.clear();
  for (std::size_t seen = 0; seen < dropped_bytes && !error;) {
    seen += co_await bottom.async_read_some(asio::buffer(piece), redirect_error(use_awaitable, error));
  }
}

HttpServer::HttpServer(Service& service, HttpLimits limits, unsigned threads) : parts_(std::make_unique<Parts>(service, limits, threads)) {}

HttpServer::~HttpServer() {
  parts_->io.stop();
  parts_->threads.clear();
}

std::optional<Problem> HttpServer::use(const Certificate& certificate) {
  const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  auto* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else.
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  error_code error;
  context->use_certificate_chain(asio::buffer(certificate.chain), error);
  if (error) return Problem{"config", "/certificate", "cannot be used for TLS"};
  context->use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem, error);
  if (error) return Problem{"config", "/key", "cannot be used for TLS"};
  const std::lock_guard lock(parts_->mutex);
  parts_->context = context;
  return std::nullopt;
}

std::variant<std::uint16_t, Problem> HttpServer::listen(const std::string& address, std::uint16_t port) {
  error_code error;
  auto& acceptor = parts_->acceptor;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return Problem{"config", "/listen", "is no numeric address"};
  const tcp::endpoint where(ip, port);
  acceptor.open(where.protocol(), error);
  // After a restart the port is free at once; two programs on it stay impossible.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && ip.is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(where, error);
  if (!error) acceptor.listen(1024, error);
  if (!error) return acceptor.local_endpoint(error).port();
  if (error == asio::error::address_in_use) return Problem{"in_use", "/listen", "the port is taken"};
  if (error == asio::error::access_denied) return Problem{"config", "/listen", "this user may not listen there (ports below 1024 need CAP_NET_BIND_SERVICE)"};
  return Problem{"config", "/listen", "cannot be listened on: " + error.message()};
}

void HttpServer::start() {
  asio::co_spawn(parts_->acceptor.get_executor(), parts_->accept(), asio::detached);
  for (unsigned i = 0; i < parts_->thread_count; ++i) {
    parts_->threads.emplace_back([parts = parts_.get()] {
      while (!parts->io.stopped()) {
        try {
          parts->io.run();
        } catch (const std::exception&) {  // no memory for one connection; the others go on
        }
      }
    });
  }
}

void HttpServer::stop(std::chrono::milliseconds allowed) {
  asio::post(parts_->acceptor.get_executor(), [parts = parts_.get()] {
    error_code error;
    parts->acceptor.close(error);
  });
  std::unique_lock lock(parts_->mutex);
  parts_->is_over = true;
  for (auto* stream : parts_->idle) {
    asio::post(stream->get_executor(), [parts = parts_.get(), stream] {
      const std::lock_guard still(parts->mutex);
      if (parts->idle.contains(stream)) stream->cancel();
    });
  }
  parts_->has_left.wait_for(lock, allowed, [this] { return parts_->open == 0; });
  lock.unlock();
  parts_->io.stop();
  parts_->threads.clear();
}

std::size_t HttpServer::connections() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->open;
}

}  // namespace phiscan::host
