/// What results say about a claim.
public struct Verdict: Sendable, Hashable {
  /// What is said.
  public enum Status: String, Sendable, CaseIterable {
    /// The results show what the paper claims, beyond their own uncertainty.
    case confirmed
    /// The results are too uncertain or too few to show it, and do not contradict it.
    case notSeen = "not seen"
    /// The results contradict it, beyond their own uncertainty.
    case refuted
    /// Nothing was judged: runs are missing, or the scale is too small to say anything.
    case notJudged = "not judged"
  }

  /// What is said.
  public var status: Status
  /// The figures, in a sentence.
  public var reason: String

  /// A verdict with its reason.
  public init(_ status: Status, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  /// For a line of its own: "confirmed. All starts end at …", "not judged: one seed each.".
  public var sentence: String {
    status == .notJudged ? "\(status.rawValue): \(reason)" : "\(status.rawValue). \(reason)"
  }
}
