import Datasets

/// Data that a run's environment names, with what identifies them.
public protocol RecordedData: Sendable {
  /// `mnist`, `sst2`.
  var name: String { get }
  /// One line for people.
  var note: String { get }
  /// Whether it is the whole set as it was published.
  var isOfficial: Bool { get }
  /// Its parts, with the digests of their content.
  var recordedParts: [RecordedPart] { get }
}

/// A part of a data set: what is trained on, what is tested with.
public struct RecordedPart: Hashable, Sendable {
  /// `train`, `validation`, `test`.
  public var name: String
  /// Examples.
  public var count: Int
  /// SHA-256 of the content, in lower-case hexadecimal.
  public var digest: String
}

extension RecordedData {
  /// What is noted of it: counts as `train`, digests as `trainSHA256`.
  var description: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("note", .string(note)), .init("official", .bool(isOfficial)),
    ]
    for part in recordedParts {
      members.append(.init(part.name, .int(part.count)))
      members.append(.init("\(part.name)SHA256", .string(part.digest)))
    }
    return .object(members)
  }
}

extension ImageDataset: RecordedData {
  public var recordedParts: [RecordedPart] {
    [
      RecordedPart(name: "train", count: train.count, digest: train.digest),
      RecordedPart(name: "test", count: test.count, digest: test.digest),
    ]
  }
}

extension SentenceDataset: RecordedData {
  public var recordedParts: [RecordedPart] {
    [("train", train), ("validation", validation), ("test", test)].compactMap { name, part in
      part.map { RecordedPart(name: name, count: $0.count, digest: $0.digest) }
    }
  }
}
