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
  /// The figures, in a sentence; where there are ``points``, what they have in common.
  public var reason: String
  /// The figures, a sentence each, where there are too many for one.
  public var points: [String]

  /// A verdict with its reason.
  public init(_ status: Status, _ reason: String, points: [String] = []) {
    self.status = status
    self.reason = reason
    self.points = points
  }

  /// For a line of its own: "confirmed. All starts end at …", "not judged: one seed each.".
  public var sentence: String {
    status == .notJudged ? "\(status.rawValue): \(reason)" : "\(status.rawValue). \(reason)"
  }

  /// The reason with its points, as one text.
  public var text: String { ([reason] + points).joined(separator: " ") }
}
