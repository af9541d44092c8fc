import Foundation

/// Memory for the numbers of one batch, that goes back to its pool when nobody uses it any more.
// One owner at a time writes or reads it: first the thread that prepares, then, through the queue's lock, the one that
// trains (and the tensor made of it).
final class BatchMemory: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer
  private let pool: BatchMemoryPool

  fileprivate init(_ bytes: UnsafeMutableRawBufferPointer, _ pool: BatchMemoryPool) {
    (self.bytes, self.pool) = (bytes, pool)
  }

  deinit { pool.giveBack(bytes) }

  var floats: UnsafeMutableBufferPointer<Float> { bytes.bindMemory(to: Float.self) }
}

/// Pieces of memory of one size, used again: fresh ones would be faulted in page by page at every batch.
// `free` is only touched under the lock.
final class BatchMemoryPool: @unchecked Sendable {
  private let byteCount: Int
  private let lock = NSLock()
  private var free: [UnsafeMutableRawBufferPointer] = []

  init(byteCount: Int) { self.byteCount = byteCount }

  deinit { for bytes in free { bytes.deallocate() } }

  func take() -> BatchMemory {
    let used = lock.withLock { free.popLast() }
    // 64 bytes are a cache line, and the widest vector.
    return BatchMemory(used ?? .allocate(byteCount: byteCount, alignment: 64), self)
  }

  fileprivate func giveBack(_ bytes: UnsafeMutableRawBufferPointer) {
    lock.withLock { free.append(bytes) }
  }
}
