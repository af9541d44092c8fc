import Crypto
import Foundation
import Synchronization
import Testing

@testable import Datasets

/// Serves what the test tells it to, and counts what it was asked for.
final class FakeTransport: DownloadTransport {
  enum Answer: Sendable {
    case bytes([UInt8])
    case failure(String)
    /// Writes some bytes, then stops, as if the user had.
    case interrupted([UInt8])
  }

  private let answers: [String: Answer]
  private let asked = Counter()

  init(_ answers: [String: Answer]) { self.answers = answers }

  var requests: Int { asked.value }

  func download(
    _ url: String, to file: String, byteCount: Int, isCancelled: @Sendable () -> Bool
  ) throws(DownloadFailure) {
    asked.add()
    switch answers[url] {
    case .bytes(let bytes): write(bytes, file)
    case .failure(let reason): throw .failed(reason)
    case .interrupted(let bytes):
      write(bytes, file)
      throw .cancelled
    case nil: throw .failed("could not resolve host")
    }
  }

  private func write(_ bytes: [UInt8], _ file: String) {
    if !FileManager.default.createFile(atPath: file, contents: Data(bytes)) { Issue.record("\(file) cannot be made") }
  }
}

private final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

/// SHA-256 as the pins have it.
func digest(_ bytes: [UInt8]) -> String {
  var hash = SHA256()
  bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
  return hash.finalize().hexadecimal
}
