/// What `<model>_weights_config.json` says: for every tensor its storage member and how it lies in that.
struct WeightsConfiguration {
  typealias Problem = JSONScanner.Problem

  struct Entry: Equatable {
    var member: String
    var isPickled: Bool
    var isParameter: Bool
    /// Absent for pickled objects.
    var metadata: TensorMetadata?
  }

  private(set) var entries: [ExactString: Entry] = [:]
  /// The tensors' paths, in the file's order.
  private(set) var names: [String] = []

  /// Reads the JSON, `{"config": {"<path>": {"path_name", "use_pickle", "tensor_meta": {…}}}}`.
  init(_ text: MappedBytes) throws(Problem) {
    var scanner = JSONScanner(text)
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "config":
        try scanner.entries { (scanner, name) throws(Problem) in
          let start = scanner.position
          let entry = try Self.entry(&scanner)
          guard entries.updateValue(entry, forKey: ExactString(name)) == nil else {
            throw Problem(position: start, message: "the tensor \(quoted(name)) is listed twice")
          }
          names.append(name)
        }
      default: try scanner.skipQuickly()
      }
    }
    try scanner.end()
  }

  private static func entry(_ scanner: inout JSONScanner) throws(Problem) -> Entry {
    let start = scanner.position
    var member: String?
    var isPickled = false
    var isParameter = true
    var metadata: TensorMetadata?
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "path_name": member = try scanner.string()
      case "is_param": isParameter = try scanner.boolean()
      case "use_pickle": isPickled = try scanner.boolean()
      case "tensor_meta":
        if try !scanner.takeNull() { metadata = try TensorMetadata(from: &scanner, withLayout: true) }
      default: try scanner.skipQuickly()
      }
    }
    guard let member else { throw Problem(position: start, message: "a tensor without \"path_name\"") }
    guard isPickled || metadata != nil else {
      throw Problem(position: start, message: "a tensor without \"tensor_meta\"")
    }
    return Entry(member: member, isPickled: isPickled, isParameter: isParameter, metadata: metadata)
  }
}
