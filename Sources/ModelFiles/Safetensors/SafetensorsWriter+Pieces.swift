import Dispatch

extension SafetensorsWriter {
  /// Writes tensors in pieces, by several threads at once.
  ///
  ///     try writer.writePieces(of: ["fc.weight"], threads: 8) { tensor, range, bytes in … }
  ///
  /// Each thread has one buffer, so that memory does not depend on the tensors' sizes. Pieces that turn out to be
  /// zero for 64 KiB on end stay holes, where the file system has holes. An error gives the file up.
  ///
  /// - Parameters:
  ///   - names: Which tensors; each must not have been written yet.
  ///   - pieceByteCount: Bytes of a thread's buffer; rounded down to a multiple of 64.
  ///   - threads: How many threads, at least 1.
  ///   - fill: Writes the bytes `range` of a tensor into a buffer of just that size. Called from any thread.
  /// - Throws: What `fill` throws first; ``SafetensorsError`` for a name that is unknown or written, or a failing disk.
  public func writePieces(
    of names: [String], pieceByteCount: Int = 1 << 20, threads: Int,
    fill: @Sendable (SafetensorsEntry, Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    do {
      let length = max(64, pieceByteCount / 64 * 64)
      var pieces = [(tensor: SafetensorsEntry, range: Range<Int>)]()
      for name in names {
        let tensor = try take(name)
        for start in stride(from: 0, to: tensor.byteCount, by: length) {
          pieces.append((tensor, start..<min(start + length, tensor.byteCount)))
        }
      }
      let queue = PieceQueue(count: pieces.count)
      // Threads write to different places of the file (`pwrite`) and read what no one changes until all are done.
      nonisolated(unsafe) let file = file
      let (dataStart, work) = (dataStart, pieces)
      withoutActuallyEscaping(fill) { fill in
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, pieces.count))) { _ in
          let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 64)
          defer { buffer.deallocate() }
          while let index = queue.next() {
            let (tensor, range) = work[index]
            let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<range.count])
            do {
              try fill(tensor, range, bytes)
              try file.writeLeavingHoles(
                UnsafeRawBufferPointer(bytes), at: dataStart + tensor.dataRange.lowerBound + range.lowerBound)
            } catch { queue.fail(error) }
          }
        }
      }
      if let failure = queue.failure { throw failure }
    } catch {
      giveUp()
      if let failure = error as? FileError { throw self.error(.file(failure)) }
      throw error
    }
  }
}

/// Hands out the numbers of pieces, each once, until one fails.
private final class PieceQueue: @unchecked Sendable {  // Every access is inside the lock.
  private let lock = DispatchSemaphore(value: 1)
  private var position = 0
  private var error: (any Error)?
  private let count: Int

  init(count: Int) { self.count = count }

  func next() -> Int? {
    lock.wait()
    defer { lock.signal() }
    guard error == nil, position < count else { return nil }
    position += 1
    return position - 1
  }

  func fail(_ failure: any Error) {
    lock.wait()
    defer { lock.signal() }
    error = error ?? failure
  }

  var failure: (any Error)? {
    lock.wait()
    defer { lock.signal() }
    return error
  }
}
