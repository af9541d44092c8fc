import CTorch

/// Where the engine's time went: each operation's own time, by name.
///
/// Own time is without the operations that an operation called, so the seconds of all add up to what the engine
/// worked. A forward operation has libtorch's name (`aten::mkldnn_convolution`); what autograd adds around those of a
/// backward pass has its node's name (`ConvolutionBackward0`). Time is the wall clock's on the calling thread: an
/// operation that several threads share counts once. Work that a GPU does later is not in it.
public struct OperationTimes: Sendable {
  /// One name's operations.
  public struct Entry: Hashable, Sendable {
    /// libtorch's name of it.
    public let name: String
    /// How often it ran.
    public let calls: Int
    /// Its own time, all calls together.
    public let seconds: Double
  }

  /// Those that ran, the longest first.
  public let entries: [Entry]

  /// Own times of all.
  public var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

  /// The entry of a name, or nil if it did not run.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }
}

/// Counts operations while a piece of work runs (libtorch's `RecordFunction`, which PyTorch's own profiler uses).
public enum Profile {
  /// Runs `body` and says which operations ran meanwhile, on all threads, and how long.
  ///
  /// Counting costs some microseconds an operation; outside of this nothing is counted and nothing is spent. Measures
  /// may be nested: the outer one counts what the inner one does.
  ///
  /// - Parameter body: The work.
  /// - Returns: What `body` returns, and the times.
  /// - Throws: What `body` throws; ``TorchError`` if libtorch refuses to count.
  public static func measure<R>(_ body: () throws -> R) throws -> (result: R, times: OperationTimes) {
    var pair: UInt64 = 0
    try check(ct_profile_begin(&pair), "Profile.measure")
    let (before, outcome): (Totals, Result<R, any Error>)
    do {
      defer { _ = ct_profile_end(pair) }
      before = try totals()
      outcome = Result { try body() }
    }
    let result = try outcome.get()
    let entries = try totals().all.compactMap { name, after -> OperationTimes.Entry? in
      let earlier = before.all[name] ?? (0, 0)
      guard after.calls > earlier.calls else { return nil }
      return OperationTimes.Entry(
        name: name, calls: after.calls - earlier.calls, seconds: after.seconds - earlier.seconds)
    }
    return (result, OperationTimes(entries: entries.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }))
  }

  private final class Totals {
    var all: [String: (calls: Int, seconds: Double)] = [:]
  }

  /// What the process has counted so far.
  private static func totals() throws(TorchError) -> Totals {
    let totals = Totals()
    let status = ct_profile_visit(
      { context, name, calls, seconds in
        guard let context, let name else { return }
        Unmanaged<Totals>.fromOpaque(context).takeUnretainedValue().all[String(cString: name)] = (Int(calls), seconds)
      }, Unmanaged.passUnretained(totals).toOpaque())
    try check(status, "Profile.measure")
    return totals
  }
}
