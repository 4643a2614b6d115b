// The real child process: answers, deadlines, deaths, and what it leaves behind.
#include "client.hpp"
#include "mails.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace phiscan::extract;
using namespace std::chrono_literals;

namespace {

const std::string good = mails::text("text/plain", "Hi Dana");

Worker real(int stderr_fd = -1) { return Worker({PHISCAN_EXTRACT, stderr_fd}); }
Worker broken() { return Worker({PHISCAN_EXTRACT_BROKEN, -1}); }

std::size_t open_files(const std::string& process = "self") {
  std::error_code error;
  std::size_t count = 0;
  for (auto it = std::filesystem::directory_iterator("/proc/" + process + "/fd", error); !error && it != std::filesystem::directory_iterator(); it.increment(error)) ++count;
  return count;
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

} // namespace

TEST_CASE("a worker reads mail after mail in one process") {
  Worker worker = real();
  REQUIRE(worker.start() == Status::ok);
  const long child = worker.child();
  for (int i = 0; i < 20; ++i) {
    const Result result = worker.extract(good);
    REQUIRE(result.ok());
    CHECK(nlohmann::json::parse(result.request_json)["body"]["text"] == "Hi Dana");
    CHECK(result.gaps.empty());
  }
  CHECK(worker.child() == child);
}

TEST_CASE("gaps travel beside the request") {
  Worker worker = real();
  const Result result = worker.extract(mails::head + mails::multipart("mixed", {mails::part("Content-Type: text/plain", "x"), mails::part("Content-Type: image/png; name=a.png", std::string("\x89PNG\0", 5))}));
  REQUIRE(result.ok());
  CHECK(result.gaps == std::vector<Gap>{{"attachments/0", Why::unsupported}});
}

TEST_CASE("no mail and too much mail are errors, and the worker goes on") {
  Worker worker = real();
  CHECK(worker.extract("").status == Status::unreadable);
  CHECK(worker.extract("\n\n").status == Status::unreadable);
  const long child = worker.child();
  CHECK(worker.extract(std::string(std::size_t{65} << 20, 'x')).status == Status::too_large);
  CHECK(worker.extract(good).ok());
  CHECK(worker.child() == child);
}

TEST_CASE("the largest mails fit into the worker's memory") {
  Worker worker = real();
  std::string text = mails::head + "\r\n";
  while (text.size() < limits::message_bytes - 80) text += "Hi Dana, this is one ordinary line of a very long mail.\r\n";
  const Result long_text = worker.extract(text, 30s);
  REQUIRE(long_text.ok());
  CHECK(long_text.gaps == std::vector<Gap>{{"body.text", Why::too_large}});
  const std::string headers = mails::head + "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  std::string file = headers;
  while (file.size() < limits::message_bytes - 80) file += "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
  CHECK(worker.extract(file, 30s).ok());
}

TEST_CASE("hostile mails leave the worker alive") {
  Worker worker = real();
  std::string deep = mails::head;
  for (int i = 0; i < 10000; ++i) deep += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) + "\r\n";
  const std::string wide = mails::head + mails::multipart("mixed", std::vector<std::string>(20000, mails::part("", "p")));
  std::string wild = mails::head;
  for (int i = 0; i < 100000; ++i) wild.push_back(static_cast<char>((i * 7919 + i / 13) & 255));
  REQUIRE(worker.start() == Status::ok);
  const long child = worker.child();
  for (const std::string& mail : {deep, wide, wild}) {
    CHECK(worker.extract(mail).ok());
    CHECK(worker.extract(good).ok());
  }
  CHECK(worker.child() == child);
}

TEST_CASE("a mail that needs more memory than the worker has costs that mail only") {
  Worker worker = real();
  std::string mail = mails::head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  while (mail.size() < std::size_t{60} << 20) mail += "--b\n\n";
  const Result result = worker.extract(mail, 20s);
  CHECK((result.ok() || result.status == Status::crashed || result.status == Status::timeout));
  CHECK(worker.extract(good).ok());
}

TEST_CASE("a worker killed while it reads is a crash, and the next mail gets a new one") {
  Worker worker = real();
  REQUIRE(worker.start() == Status::ok);
  const auto child = static_cast<pid_t>(worker.child());
  kill(child, SIGSTOP); // so that it is surely in the middle of the mail
  std::thread killer([child] {
    std::this_thread::sleep_for(100ms);
    kill(child, SIGKILL);
  });
  CHECK(worker.extract(good).status == Status::crashed);
  killer.join();
  CHECK(worker.extract(good).ok());
  CHECK(worker.child() != child);
}

TEST_CASE("a worker that died between mails is replaced without a word") {
  Worker worker = real();
  REQUIRE(worker.start() == Status::ok);
  kill(static_cast<pid_t>(worker.child()), SIGKILL);
  std::this_thread::sleep_for(50ms);
  CHECK(worker.extract(good).ok());
}

TEST_CASE("a worker that hangs is ended at the deadline") {
  Worker worker = real();
  REQUIRE(worker.start() == Status::ok);
  kill(static_cast<pid_t>(worker.child()), SIGSTOP);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(worker.extract(good, 200ms).status == Status::timeout);
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
  CHECK(worker.extract(good).ok());
  // A big mail does not even get into a hanging worker; writing has the same deadline.
  kill(static_cast<pid_t>(worker.child()), SIGSTOP);
  CHECK(worker.extract(mails::text("text/plain", std::string(8U << 20, 'x')), 200ms).status == Status::timeout);
  CHECK(worker.extract(good).ok());
}

TEST_CASE("whatever a broken worker says is a crash or a timeout, never an answer") {
  Worker worker = broken();
  CHECK(worker.extract("fine").ok());
  for (const char* mail : {"die", "nonsense", "half", "bad reply", "echo", "protocol"}) {
    CAPTURE(mail);
    CHECK(worker.extract(mail, 2s).status == Status::crashed);
    CHECK(worker.extract("fine").ok());
  }
  for (const char* mail : {"hang", "half and hang"}) {
    CAPTURE(mail);
    CHECK(worker.extract(mail, 100ms).status == Status::timeout);
    CHECK(worker.extract("fine").ok());
  }
  // A second answer would belong to the next mail: that worker is not asked again.
  CHECK(worker.extract("twice").ok());
  const long child = worker.child();
  CHECK(worker.extract("fine").ok());
  CHECK(worker.child() != child);
}

TEST_CASE("a missing program is said, not thrown") {
  Worker worker({"/nonexistent/phiscan-extract", -1});
  CHECK(worker.start() == Status::not_started);
  CHECK(worker.extract(good).status == Status::not_started);
}

TEST_CASE("five hundred mails, many deaths: no descriptor and no zombie is left") {
  const std::size_t before = open_files();
  {
    Worker worker = real();
    REQUIRE(worker.extract(mails::text("text/plain; charset=iso-2022-jp", "\x1B$B;3\x1B(B")).ok());
    const std::string pid = std::to_string(worker.child());
    const std::size_t child_before = open_files(pid);
    for (int i = 0; i < 500; ++i) REQUIRE(worker.extract(i % 3 == 0 ? mails::text("text/plain; charset=iso-2022-jp", "\x1B$B;3\x1B(B") : good).ok());
    CHECK(open_files(pid) == child_before);
    Worker second = broken();
    for (int i = 0; i < 50; ++i) CHECK(second.extract("die").status == Status::crashed);
  }
  CHECK(open_files() == before);
  CHECK_FALSE(has_children());
}

TEST_CASE("the worker sees none of our files and little of our environment") {
  const int secret = open("/dev/null", O_RDONLY); // without close-on-exec
  setenv("PHISCAN_TEST_SECRET", "1", 1);
  Worker worker = real();
  REQUIRE(worker.extract(good).ok());
  const std::string pid = std::to_string(worker.child());
  if (open_files(pid) > 0) CHECK(open_files(pid) == 3);
  close(secret);
  unsetenv("PHISCAN_TEST_SECRET");
}

TEST_CASE("the worker says nothing on standard error, whatever it reads") {
  const int log = memfd_create("stderr", MFD_CLOEXEC);
  REQUIRE(log >= 0);
  {
    Worker worker = real(log);
    const std::string canary = "CANARY-00412345";
    const std::vector<std::string> rows = {
        "From: " + canary + "\nSubject: =?x-" + canary + "?Q?=FF?=\nContent-Type: " + canary + "; charset=" + canary + "\n\n" + canary,
        mails::text("multipart/mixed; boundary=" + canary, canary),
        mails::head + "Content-Transfer-Encoding: " + canary + "\r\nContent-Type: text/plain; charset=" + canary + "\r\n\r\n" + canary,
        mails::head + "Content-Type: message/rfc822\r\n\r\nDate: " + canary + "\r\nTo: <" + canary + "\r\n\r\n" + canary,
        canary, "", std::string(1000, '\0') + canary};
    for (const std::string& mail : rows) static_cast<void>(worker.extract(mail));
    CHECK(worker.extract(good).request_json.find(canary) == std::string::npos);
  }
  CHECK(lseek(log, 0, SEEK_END) == 0);
  close(log);
}

TEST_CASE("workers in several threads do not disturb each other") {
  std::vector<std::thread> threads;
  std::vector<int> read(4, 0);
  for (std::size_t t = 0; t < read.size(); ++t) {
    threads.emplace_back([&read, t] {
      Worker worker = real();
      const std::string body = "mail of thread " + std::to_string(t);
      for (int i = 0; i < 50; ++i) {
        const Result result = worker.extract(mails::text("text/plain", body), 20s);
        if (result.ok() && result.request_json.find(body) != std::string::npos) ++read[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(read == std::vector<int>(4, 50));
  CHECK_FALSE(has_children());
}

TEST_CASE("the worker keeps its own limits") {
  Worker worker = real();
  REQUIRE(worker.extract(good).ok());
  std::FILE* file = std::fopen(("/proc/" + std::to_string(worker.child()) + "/limits").c_str(), "r");
  if (file == nullptr) return; // not dumpable, and we are not root
  std::string all(8192, '\0');
  all.resize(std::fread(all.data(), 1, all.size(), file));
  std::fclose(file);
  const auto has = [&](std::string_view name, std::string_view value) {
    const std::size_t at = all.find(name);
    return at != std::string::npos && all.substr(at + 25, 24).find(value) != std::string::npos;
  };
  CHECK(has("Max file size", "0"));
  CHECK(has("Max core file size", "0"));
  CHECK(has("Max open files", "16"));
}
