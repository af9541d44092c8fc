import Foundation
import Records

/// What `idinit-lab probe NETWORK|RECIPE --json` printed: measurements of networks at their start, by initialisation method.
public struct ProbeReport: Sendable {
  /// What one probe found.
  public struct Finding: Sendable {
    /// The probe's name.
    public var probe: String
    /// `good`, `fair`, `bad` or `not judged`.
    public var verdict: String
    /// The numbers in a sentence.
    public var sentence: String
    /// The numbers that stand for the whole network.
    public var summary: Row
    /// A row a layer, a singular value, …
    public var rows: [Row]
  }

  /// What all probes found from one start.
  public struct Method: Sendable {
    /// The initialisation method.
    public var name: String
    /// In the order of the probes.
    public var findings: [Finding]

    subscript(probe: String) -> Finding? { findings.first { $0.probe == probe } }
  }

  /// The network's name.
  public var network: String
  /// What was sent through it, for people: "32 examples of noise, N(0, 1), and random labels".
  public var data: String
  /// The command that measures the same again.
  public var command: String
  /// Examples that were sent through it.
  public var batch: Int
  /// What the weights were drawn from.
  public var seed: Int
  /// In the order in which they were asked for.
  public var methods: [Method]

  static let verdicts = ["good", "fair", "bad", "not judged"]

  /// Reads the text of a file.
  ///
  /// - Parameter data: JSON.
  /// - Throws: ``ProbeFileError`` with the place in it, what is there, and what was expected.
  public init(parsing data: Data) throws(ProbeFileError) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: data)
    } catch {
      throw ProbeFileError(path: "", problem: "is not JSON: \(error)")
    }
    let root = PlacedJSON(value: value, path: "")
    network = try root["network"].text
    self.data = try root["data"].text
    command = try root["command"].text
    batch = try root["batch"].whole
    seed = try root["seed"].whole
    let list = try root["methods"]
    methods = try list.elements.map { element throws(ProbeFileError) in try Method(element) }
    guard !methods.isEmpty else { throw list.error("at least one method") }
  }
}

extension ProbeReport.Method {
  fileprivate init(_ json: PlacedJSON) throws(ProbeFileError) {
    name = try json["method"].text
    findings = try json["probes"].members.map { member throws(ProbeFileError) in
      try ProbeReport.Finding(member.key, member.value)
    }
  }
}

extension ProbeReport.Finding {
  fileprivate init(_ probe: String, _ json: PlacedJSON) throws(ProbeFileError) {
    self.probe = probe
    let word = try json["verdict"]
    verdict = try word.text
    guard ProbeReport.verdicts.contains(verdict) else {
      throw word.error("one of \(ProbeReport.verdicts.joined(separator: ", "))")
    }
    sentence = try json["sentence"].text
    let (summary, rows) = (try json["summary"], try json["rows"])
    _ = try summary.members
    let cells = Self.cells[probe]
    for (cell, kind) in cells?.summary ?? [] { try Self.check(summary, cell, kind) }
    for row in try rows.elements {
      _ = try row.members
      for (cell, kind) in cells?.rows ?? [] { try Self.check(row, cell, kind) }
    }
    self.summary = Row(summary.value)
    self.rows = (rows.value.elements ?? []).map { Row($0) }
  }

  private enum Kind { case text, number, numberOrNothing }

  /// What the figures are made of, by probe. Further cells may be there; a probe that is not known here has a verdict and a
  /// sentence all the same.
  private static let cells: [String: (summary: [(String, Kind)], rows: [(String, Kind)])] = [
    "signal": (
      [],
      [
        ("depth", .number), ("layer", .text), ("mean", .number), ("std", .number), ("rms", .number),
        ("gradientStd", .number), ("gradientRMS", .number),
      ]
    ),
    "noise": ([], [("noise", .number), ("depth", .number), ("layer", .text), ("std", .number)]),
    "rate": ([("largestStableRate", .numberOrNothing)], [("learningRate", .number), ("lastLoss", .number)]),
    "start": ([], [("parameter", .text), ("gradientNorm", .number)]),
    "dead": ([], [("parameter", .text), ("unmoved", .number)]),
    "symmetry": ([], [("shape", .text), ("meanDistance", .numberOrNothing)]),
    "jacobian": ([("chi", .number)], [("example", .number), ("place", .number), ("singularValue", .number)]),
    "rank": (
      [], [("parameter", .text), ("rank", .number), ("fullRank", .number), ("residualRank", .numberOrNothing)]
    ),
    "replicas": (
      [("features", .number), ("exactCopies", .number), ("closeCopies", .number), ("silent", .number)], []
    ),
    "weights": ([("zeros", .number)], [("parameter", .text)]),
  ]

  private static func check(_ row: PlacedJSON, _ cell: String, _ kind: Kind) throws(ProbeFileError) {
    let value = try row[cell]
    switch kind {
    case .text: _ = try value.text
    case .number: _ = try value.number
    case .numberOrNothing: if value.value != .null { _ = try value.number }
    }
  }
}
