import Foundation

/// What a `DecodingError` says, in words: where (dotted path), and what was wrong.
public struct DecodingProblem {
  /// Where: a dotted path; empty for the whole.
  public let path: String
  /// What is wrong there.
  public let text: String

  /// The problem of an error of Foundation's decoders.
  public init(_ error: DecodingError) {
    let context: DecodingError.Context
    var missing: String?
    switch error {
    case .typeMismatch(_, let inner), .valueNotFound(_, let inner), .dataCorrupted(let inner): context = inner
    case .keyNotFound(let key, let inner):
      context = inner
      missing = "\(key.stringValue) is missing"
    @unknown default:
      context = .init(codingPath: [], debugDescription: "\(error)")
    }
    path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    let underlying = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
    text = missing ?? underlying ?? context.debugDescription
  }
}
