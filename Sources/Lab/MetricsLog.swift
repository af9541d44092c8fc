import Foundation

/// `metrics.jsonl`: one JSON object a line, appended and flushed line by line.
///
/// What a run measured comes first in a line; how long it took is kept apart in a last member, `timing`. Two runs of
/// the same recipe are the same run exactly when their lines are byte for byte equal without it (`comparable`).
public struct MetricsLog {
  /// Where the file is.
  public let url: URL

  /// The log at this place, which need not be there yet.
  public init(url: URL) { self.url = url }

  /// Between two lines.
  struct Place: Equatable {
    /// Bytes and lines before it.
    var byte = 0
    var line = 0
  }

  /// The whole lines, read back; a last line cut off by a kill is left out.
  /// - Throws: `LabError` of kind `.data` naming the line, if one before the last is no JSON object.
  public func rows() throws(LabError) -> [Row] { try rows(from: Place()).rows }

  /// The whole lines from `place` on, and where they end.
  func rows(from place: Place) throws(LabError) -> (rows: [Row], end: Place) {
    guard FileManager.default.fileExists(atPath: url.path) else { return ([], place) }
    let data = try Disk.read(url, from: place.byte)
    var rows: [Row] = []
    var start = data.startIndex
    while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let value = try? JSONValue(parsing: Data(data[start..<end])), value.members != nil else {
        throw LabError(
          .data,
          "\(url.path): line \(place.line + rows.count + 1) is no JSON object; expected one an epoch or step")
      }
      rows.append(Row(value))
      start = end + 1
    }
    return (rows, Place(byte: place.byte + start - data.startIndex, line: place.line + rows.count))
  }

  /// What is left of a last line that was cut off, for people; nil where the file ends with a whole line, or is not
  /// there.
  ///
  /// - Throws: `LabError` (`.data`, `.io`) if the file cannot be read.
  public func halfLine() throws(LabError) -> String? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let data = try Disk.read(url)
    guard let last = data.last, last != UInt8(ascii: "\n") else { return nil }
    let count = data.count { $0 == UInt8(ascii: "\n") }
    let whole = count == 1 ? "1 line before it is" : "\(count) lines before it are"
    return "\(url.path): line \(count + 1) is cut off and left out; \(whole) whole"
  }

  /// Keeps the first `count` whole lines and drops the rest, a line cut off by a kill included.
  /// - Throws: `LabError` of kind `.data` if the file has fewer whole lines, or `count` is negative.
  public func keep(first count: Int) throws(LabError) {
    guard count >= 0 else {
      throw LabError(.data, "\(url.path): the checkpoint beside it expects \(count) lines; expected 0 or more")
    }
    guard FileManager.default.fileExists(atPath: url.path) else {
      if count == 0 { return }
      throw LabError(.data, "\(url.path) is missing; the checkpoint beside it expects \(count) lines in it")
    }
    let data = try Disk.read(url)
    var end = data.startIndex
    for line in 0..<count {
      guard let newline = data[end...].firstIndex(of: UInt8(ascii: "\n")) else {
        throw LabError(
          .data, "\(url.path) has \(line) whole lines; the checkpoint beside it expects at least \(count)")
      }
      end = newline + 1
    }
    guard end != data.endIndex else { return }
    try Disk.write(data[data.startIndex..<end], to: url)
  }

  /// Appends a line and flushes it to the disk.
  public func append(_ row: Row, timing: Row = [:]) throws(LabError) {
    var value = row.json
    if !timing.cells.isEmpty { value["timing"] = timing.json }
    try Disk.append(Data((value.line + "\n").utf8), to: url)
  }

  /// The text of a metrics file without the timing, for comparing runs byte for byte.
  public static func comparable(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
      guard let cut = line.range(of: #","timing":{"#, options: .backwards) else { return line }
      return line[..<cut.lowerBound]
    }.joined(separator: "\n")
  }
}
