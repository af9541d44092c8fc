import Foundation

/// A batch as the preparing thread hands it over: numbers, not yet tensors.
struct PreparedBatch: Sendable {
  var memory: BatchMemory
  var labels: [Int64]
  /// The labels of the images that are mixed in, and how much of each image is its own.
  var mixed: (labels: [Int64], share: Double)?
}

/// Batches on their way from the thread that prepares them to the one that trains: at most `depth` of them wait.
// Everything that changes is only touched while `condition` is locked.
final class BatchQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private let depth: Int
  private var ready: [PreparedBatch] = []
  private var isStopped = false
  private var hasEnded = false

  init(depth: Int) { self.depth = depth }

  /// Starts a thread that puts `prepare(step)` of all `steps`, in order.
  func start(_ steps: Range<Int>, _ prepare: @escaping @Sendable (Int) -> PreparedBatch) {
    let thread = Thread {
      for step in steps where !self.put(prepare(step)) { break }
      self.end()
    }
    thread.name = "batches"
    thread.start()
  }

  /// The next batch, waiting for it; nil after the last.
  func take() -> PreparedBatch? {
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty, !hasEnded { condition.wait() }
    guard !ready.isEmpty else { return nil }
    condition.broadcast()
    return ready.removeFirst()
  }

  /// Ends the thread, and comes back when it has ended; what is ready is dropped.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
    while !hasEnded { condition.wait() }
    ready = []
  }

  /// - Returns: Whether more are wanted.
  private func put(_ batch: PreparedBatch) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while ready.count >= depth, !isStopped { condition.wait() }
    guard !isStopped else { return false }
    ready.append(batch)
    condition.broadcast()
    return true
  }

  private func end() {
    condition.lock()
    defer { condition.unlock() }
    hasEnded = true
    condition.broadcast()
  }
}
