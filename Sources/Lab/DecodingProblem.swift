import Foundation

/// What a `DecodingError` says, in words: where (dotted path), and what was wrong.
public struct DecodingProblem {
  public let path: String
  public let text: String

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
