import Torch

/// A measurement that tells whether a network is well conditioned: numbers, and a sentence that reads them.
///
/// A new probe is one file and one line in ``Probes/all``.
public protocol Probe: Sendable {
  /// The name on the command line: `signal`.
  var name: String { get }
  /// What it measures, in a line.
  var title: String { get }

  /// - Parameter subject: An initialised network with a batch. Its buffers may change.
  /// - Returns: What was measured.
  /// - Throws: `TorchError` if a pass fails; `LabError` if the network is not of a kind that the probe can measure.
  func measure(_ subject: ProbeSubject) throws -> ProbeResult
}

extension Probe {
  /// Measures, and puts back what passes change: buffers and generators. (A probe that trains puts the parameters back.)
  ///
  /// - Parameter subject: An initialised network with a batch.
  /// - Returns: What was measured.
  /// - Throws: As ``measure(_:)``.
  public func callAsFunction(_ subject: ProbeSubject) throws -> ProbeResult {
    try subject.network.keepingState { () throws(TorchError) in Result { try measure(subject) } }.get()
  }
}

/// What a probe measured.
public struct ProbeResult: Sendable {
  /// A row a layer, a singular value, … as the probe says.
  public var rows: [Row]
  /// The numbers that stand for the whole network.
  public var summary: Row
  /// What it judges.
  public var verdict: Conditioning
  /// The summary in a sentence.
  public var sentence: String

  /// A result of these parts.
  public init(rows: [Row], summary: Row, verdict: Conditioning, sentence: String) {
    (self.rows, self.summary, self.verdict, self.sentence) = (rows, summary, verdict, sentence)
  }
}

/// How a probe judges.
public enum Conditioning: String, Sendable, CaseIterable {
  /// What goes through the network keeps its size.
  case good
  /// It changes, but by less than what training copes with.
  case fair
  /// It vanishes, explodes, or is lost.
  case bad
  /// The numbers judge nothing by themselves.
  case none = "not judged"
}

/// The probes that there are.
public enum Probes {
  /// Every probe, in the order in which they are run.
  public static let all: [any Probe] = [
    StartProbe(), SignalProbe(), NoiseProbe(), JacobianProbe(), RankProbe(), ReplicaProbe(), SymmetryProbe(),
    WeightProbe(), DeadWeightProbe(), RateProbe(),
  ]
}

/// Sizes that should neither grow nor shrink on their way through a network.
enum Growth {
  /// Within a factor of two all in all is as good as unchanged; within a hundred a training still copes; the limits are
  /// ours, since the paper gives none beside "about 1" and "more than 2000" for χ (Figure 15).
  static func judged(_ ratio: Double) -> Conditioning {
    guard ratio.isFinite, ratio > 0 else { return .bad }
    let size = Swift.max(ratio, 1 / ratio)
    return size <= 2 ? .good : size <= 100 ? .fair : .bad
  }

  static func worse(_ one: Conditioning, _ other: Conditioning) -> Conditioning {
    let order: [Conditioning] = [.none, .good, .fair, .bad]
    return (order.firstIndex(of: one) ?? 0) >= (order.firstIndex(of: other) ?? 0) ? one : other
  }
}
