import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Android)
  import Android
#endif

/// Work cut into pieces for a number of threads.
enum Parallel {
  /// Runs `body` on the pieces of `range`, each a multiple of `alignment` long but for the last, on at most `threads`
  /// threads. A piece is at least `minimum` long, so small work stays on the caller's thread.
  @inline(__always)
  static func forEach(
    _ range: Range<Int>, threads: Int, alignment: Int = 1, minimum: Int, _ body: (Range<Int>) -> Void
  ) {
    // Dispatch starts no more threads than there are processors. If all may be used, smaller pieces let the faster
    // threads do more (processors differ, and other processes take their share); else a piece stands for a thread.
    let wanted = threads >= processors ? threads * 4 : threads
    let pieces = max(1, min(wanted, range.count / max(minimum, 1)))
    guard pieces > 1, threads > 1 else {
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

  private static let processors: Int = {
    #if canImport(ucrt)
      return Int.max
    #else
      return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    #endif
  }()
}
