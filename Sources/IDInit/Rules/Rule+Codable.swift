extension Rule: Codable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let known = ["rule"] + RuleOptions.allNames
    for key in container.allKeys where !known.contains(key.stringValue) {
      let nearest = didYouMean(key.stringValue, among: known).map { "; \($0)" } ?? ""
      throw DecodingError.dataCorrupted(
        .init(codingPath: container.codingPath, debugDescription: "unknown key \(key.stringValue)\(nearest)"))
    }
    let name = try container.decode(String.self, forKey: Key(stringValue: "rule"))
    let options = try RuleOptions(from: decoder)
    do throws(RuleError) {
      try self.init(named: name, options)
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: container.codingPath, debugDescription: error.description))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name.rawValue, forKey: Key(stringValue: "rule"))
    try options.encode(to: encoder)
  }
}
