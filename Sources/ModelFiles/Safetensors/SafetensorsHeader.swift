/// One tensor of a safetensors file.
public struct SafetensorsEntry: Hashable, Sendable {
  /// The tensor's name.
  public var name: String
  /// Its element type.
  public var dtype: SafetensorsDType
  /// Sizes of the axes, slowest first; empty for a scalar.
  public var shape: [Int]
  /// Where its bytes stand, counted from the end of the header.
  public var dataRange: Range<Int>

  /// The size of its data.
  public var byteCount: Int { dataRange.count }
}

/// What stands before the bytes of a safetensors file: which tensors there are, and where.
///
/// The format: 8 bytes of little-endian header length N; N bytes of JSON, `{"name": {"dtype", "shape",
/// "data_offsets": [begin, end]}, …, "__metadata__": {string: string}}`, padded with spaces; then the bytes of the
/// tensors, row-major and little-endian, without holes.
/// Source: https://github.com/huggingface/safetensors#format.
public struct SafetensorsHeader: Equatable, Sendable {
  /// The reference implementation's limit on N.
  public static let maximumLength = 100_000_000

  /// In the order of their bytes.
  public var tensors: [SafetensorsEntry]
  /// The file's own notes, `__metadata__`; empty where there are none.
  public var metadata: [String: String]

  /// The size of all tensors' data.
  public var dataByteCount: Int { tensors.last?.dataRange.upperBound ?? 0 }
}

// MARK: Reading

extension SafetensorsHeader {
  typealias Problem = SafetensorsError.Problem

  /// The header's length, from the file's first 8 bytes.
  static func length(prefix: UnsafeRawBufferPointer, fileSize: Int) throws(Problem) -> Int {
    guard prefix.count >= 8 else { throw .tooShort(fileSize: fileSize) }
    let length = UInt64(littleEndian: prefix.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(maximumLength) else { throw .headerTooLong(length) }
    guard Int(length) <= fileSize - 8 else { throw .headerPastEnd(headerEnd: 8 + Int(length), fileSize: fileSize) }
    return Int(length)
  }

  /// Reads the JSON of a header and checks everything that it says against the size of the file.
  ///
  /// - Parameters:
  ///   - json: the N bytes after the length.
  ///   - fileSize: bytes of the whole file.
  /// - Throws: the first thing that is wrong, with its place.
  init(parsing json: UnsafeRawBufferPointer, fileSize: Int) throws(Problem) {
    guard json.first == UInt8(ascii: "{") else { throw .headerStart(found: json.first) }
    var raw = [RawEntry]()
    var metadata = [String: String]()
    do {
      var scanner = JSONScanner(json)
      try scanner.object { (scanner, name) throws(JSONScanner.Problem) in
        if name == "__metadata__" {
          try scanner.object { (scanner, key) throws(JSONScanner.Problem) in metadata[key] = try scanner.string() }
        } else {
          raw.append(try RawEntry(name: name, from: &scanner))
        }
      }
      try scanner.end()
    } catch {
      if let name = error.duplicateKey, error.depth == 1 { throw .duplicateName(name) }
      throw .headerText(position: 8 + error.position, message: error.message)
    }

    var entries = [SafetensorsEntry]()
    entries.reserveCapacity(raw.count)
    for entry in raw { entries.append(try entry.checked()) }
    entries.sort {
      ($0.dataRange.lowerBound, $0.dataRange.upperBound) < ($1.dataRange.lowerBound, $1.dataRange.upperBound)
    }
    try Self.checkLayout(entries, dataStart: 8 + json.count, fileSize: fileSize)
    self.init(tensors: entries, metadata: metadata)
  }

  /// The tensors must follow one another without hole or overlap and end where the file ends.
  private static func checkLayout(_ entries: [SafetensorsEntry], dataStart: Int, fileSize: Int) throws(Problem) {
    var end = 0
    var previous: String?
    for entry in entries {
      let begin = entry.dataRange.lowerBound
      if begin < end, let previous {
        throw .overlap(tensor: entry.name, begin: begin, previous: previous, previousEnd: end)
      }
      if begin > end { throw .hole(tensor: entry.name, begin: begin, previous: previous, previousEnd: end) }
      end = entry.dataRange.upperBound
      previous = entry.name
      let (fileEnd, overflow) = dataStart.addingReportingOverflow(end)
      if overflow || fileEnd > fileSize {
        throw .truncated(tensor: entry.name, end: overflow ? Int.max : fileEnd, fileSize: fileSize)
      }
    }
    let surplus = fileSize - dataStart - end
    if surplus > 0 { throw .trailingBytes(count: surplus, position: dataStart + end) }
  }

  /// What the file says about a tensor, before anything of it is believed.
  private struct RawEntry {
    var name: String
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?

    /// Fields that the format may grow are read over, as the reference implementation does.
    init(name: String, from scanner: inout JSONScanner) throws(JSONScanner.Problem) {
      self.name = name
      var dtype: String?
      var shape: [Int]?
      var offsets: [Int]?
      try scanner.object { (scanner, field) throws(JSONScanner.Problem) in
        switch field {
        case "dtype": dtype = try scanner.string()
        case "shape": shape = try Self.numbers(&scanner)
        case "data_offsets": offsets = try Self.numbers(&scanner)
        default: try scanner.skipValue()
        }
      }
      (self.dtype, self.shape, self.offsets) = (dtype, shape, offsets)
    }

    private static func numbers(_ scanner: inout JSONScanner) throws(JSONScanner.Problem) -> [Int] {
      var numbers = [Int]()
      try scanner.array { (scanner) throws(JSONScanner.Problem) in numbers.append(try scanner.wholeNumber()) }
      return numbers
    }

    func checked() throws(Problem) -> SafetensorsEntry {
      guard let dtype else { throw .missingField(tensor: name, field: "dtype") }
      guard let shape else { throw .missingField(tensor: name, field: "shape") }
      guard let offsets else { throw .missingField(tensor: name, field: "data_offsets") }
      guard let type = SafetensorsDType(rawValue: dtype) else { throw .unknownDType(tensor: name, dtype: dtype) }
      guard offsets.count == 2, offsets[0] <= offsets[1] else { throw .badOffsets(tensor: name, offsets: offsets) }
      guard let byteCount = type.byteCount(shape: shape) else {
        throw .tooLarge(tensor: name, dtype: type, shape: shape)
      }
      let range = offsets[0]..<offsets[1]
      guard byteCount == range.count else {
        throw .sizeMismatch(tensor: name, dtype: type, shape: shape, expected: byteCount, found: range.count)
      }
      return SafetensorsEntry(name: name, dtype: type, shape: shape, dataRange: range)
    }
  }
}

// MARK: Writing

extension SafetensorsHeader {
  /// Lays tensors out as the reference implementation does: wide types first, then by name, so that the same
  /// tensors always give the same file and every tensor is aligned to its own element.
  init(
    layingOut tensors: [(name: String, dtype: SafetensorsDType, shape: [Int])], metadata: [String: String]
  ) throws(Problem) {
    var names = Set<ExactString>()
    var entries = [SafetensorsEntry]()
    entries.reserveCapacity(tensors.count)
    for (name, dtype, shape) in tensors {
      if let reason = Self.objection(to: name) { throw .badName(name, reason: reason) }
      guard names.insert(ExactString(name)).inserted else { throw .duplicateName(name) }
      guard let count = dtype.byteCount(shape: shape) else { throw .tooLarge(tensor: name, dtype: dtype, shape: shape) }
      entries.append(SafetensorsEntry(name: name, dtype: dtype, shape: shape, dataRange: 0..<count))
    }
    let order = SafetensorsDType.order
    entries.sort { a, b in
      let (rankA, rankB) = (order[a.dtype, default: 0], order[b.dtype, default: 0])
      return rankA != rankB ? rankA > rankB : ExactString(a.name) < ExactString(b.name)
    }
    var end = 0
    for index in entries.indices {
      let (next, overflow) = end.addingReportingOverflow(entries[index].byteCount)
      if overflow {
        throw .tooLarge(tensor: entries[index].name, dtype: entries[index].dtype, shape: entries[index].shape)
      }
      entries[index].dataRange = end..<next
      end = next
    }
    self.init(tensors: entries, metadata: metadata)
  }

  private static func objection(to name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name == "__metadata__" { return "is the format's own" }
    if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      return "holds a control character"
    }
    return nil
  }

  /// The length and the JSON, padded with spaces so that the data starts at a multiple of 8.
  func encoded() throws(Problem) -> [UInt8] {
    var members = [String]()
    if !metadata.isEmpty {
      let pairs = metadata.map { (ExactString($0), $1) }.sorted { $0.0 < $1.0 }
      let text = pairs.map { "\(jsonLiteral($0.string)):\(jsonLiteral($1))" }.joined(separator: ",")
      members.append("\"__metadata__\":{\(text)}")
    }
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonLiteral(tensor.name)):{\"dtype\":\"\(tensor.dtype.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(tensor.dataRange.lowerBound),\(tensor.dataRange.upperBound)]}")
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
    guard json.count <= Self.maximumLength else { throw .headerTooLong(UInt64(json.count)) }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }
}
