import Dispatch

/// Work cut into as many pieces as there are threads.
enum Parallel {
  /// Runs `body` on the pieces of `range`, each a multiple of `alignment` long but for the last, on at most `threads`
  /// threads. A piece is at least `minimum` long, so small work stays on the caller's thread.
  @inline(__always)
  static func forEach(
    _ range: Range<Int>, threads: Int, alignment: Int = 1, minimum: Int, _ body: (Range<Int>) -> Void
  ) {
    let pieces = max(1, min(threads, range.count / max(minimum, 1)))
    guard pieces > 1 else {
      if !range.isEmpty { body(range) }
      return
    }
    let length = (range.count / pieces + alignment) / alignment * alignment
    withoutActuallyEscaping(body) { body in
      // The pieces touch different memory, and concurrentPerform returns when all are done.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: pieces) { piece in
        let start = range.lowerBound + piece * length
        let end = min(start + length, range.upperBound)
        if start < end { body(start..<end) }
      }
    }
  }
}
