/// A key of an object, as it stands in the text: compared with the names of known fields without making a string.
struct JSONKey {
  let bytes: UnsafeRawBufferPointer

  static func ~= (name: StaticString, key: JSONKey) -> Bool {
    guard name.utf8CodeUnitCount == key.bytes.count else { return false }
    for index in 0..<key.bytes.count where name.utf8Start[index] != key.bytes[index] { return false }
    return true
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// FNV-1a, 64 bits.
  var mark: UInt64 {
    var mark: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { mark = (mark ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return mark
  }
}

/// The quick way through large texts of known structure: fields by name, and values that are passed over without
/// being decoded.
extension JSONScanner {
  /// Starts in the middle of a text, at a value that `skipQuickly` has passed over.
  init(_ text: MappedBytes, at position: Int = 0, depth: Int = 0) {
    self.init(text.bytes)
    self.position = position
    self.depth = depth
    if text.isMapped { releasePosition = position + Self.releaseDistance }
  }

  /// How much of a mapped text is kept in memory behind the present place.
  static let releaseDistance = 32 << 20

  /// Gives back the pages of a mapped text that lie behind.
  mutating func releasePages() {
    MappedBytes(bytes, isMapped: true).release(max(0, releasePosition - Self.releaseDistance)..<position)
    releasePosition = position + Self.releaseDistance
  }

  /// Reads an object; `member` is called with each key and must read its value.
  ///
  /// Differs from `object` in what it costs: keys are not decoded (one that is written with escapes is no known
  /// field's), and equal keys are noticed among the first 32 only.
  mutating func fields(_ member: (inout JSONScanner, JSONKey) throws(Problem) -> Void) throws(Problem) {
    try open("{", "an object")
    if take("}") { return depth -= 1 }
    let firstMark = keyMarks.count
    defer { keyMarks.removeLast(keyMarks.count - firstMark) }
    repeat {
      skipWhitespace()
      let keyPosition = position
      let key = JSONKey(bytes: try rawString())
      if keyMarks.count - firstMark < 32 {
        let mark = key.mark
        for index in firstMark..<keyMarks.count where keyMarks[index] == mark {
          throw Problem(
            position: keyPosition, message: "the key \(quoted(key.string)) stands twice", duplicateKey: key.string,
            depth: depth)
        }
        keyMarks.append(mark)
      }
      guard take(":") else { throw unexpected("':' after the key \(quoted(key.string))") }
      try member(&self, key)
    } while take(",")
    guard take("}") else { throw unexpected("',' or '}'") }
    depth -= 1
  }

  /// Reads an object whose keys are names of the user's; `member` is called with each and must read its value. That
  /// no name stands twice is left to the caller, who keeps them.
  mutating func entries(_ member: (inout JSONScanner, String) throws(Problem) -> Void) throws(Problem) {
    try open("{", "an object")
    if take("}") { return depth -= 1 }
    repeat {
      let key = try string()
      guard take(":") else { throw unexpected("':' after the key \(quoted(key))") }
      try member(&self, key)
    } while take(",")
    guard take("}") else { throw unexpected("',' or '}'") }
    depth -= 1
  }

  /// Reads the object of one key that stands for one of several kinds of value, `{"as_int": 3}`.
  mutating func union(_ member: (inout JSONScanner, JSONKey) throws(Problem) -> Void) throws(Problem) {
    skipWhitespace()
    let start = position
    var count = 0
    try fields { (scanner, key) throws(Problem) in
      count += 1
      try member(&scanner, key)
    }
    if count != 1 { throw Problem(position: start, message: "an object of \(count) keys where one should be") }
  }

  /// The bytes between a string's quotes, escapes and all.
  mutating func rawString() throws(Problem) -> UnsafeRawBufferPointer {
    skipWhitespace()
    guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = position
    var end = start + 1
    let ones: UInt64 = 0x0101_0101_0101_0101
    while true {
      // Eight bytes at once while none of them is a quote, a backslash or a control character; the lowest byte that is
      // one has its highest bit set in `found`.
      while bytes.count - end >= 8 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self))
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let isQuote = (quote &- ones) & ~quote
        let isBackslash = (backslash &- ones) & ~backslash
        let isControl = (word &- 0x2020_2020_2020_2020) & ~word
        let found = (isQuote | isBackslash | isControl) & 0x8080_8080_8080_8080
        if found != 0 {
          end += found.trailingZeroBitCount / 8
          break
        }
        end += 8
      }
      guard end < bytes.count else { break }
      switch bytes[end] {
      case UInt8(ascii: "\""):
        position = end + 1
        return UnsafeRawBufferPointer(start: bytes.baseAddress.map { $0 + start + 1 }, count: end - start - 1)
      case UInt8(ascii: "\\"): end += 2
      case ..<0x20: throw Problem(position: end, message: "a control character inside a string")
      default: end += 1
      }
    }
    throw Problem(position: start, message: "a string without its closing quote")
  }

  /// Passes over any value. Its grammar is checked, but not whether keys are equal, escapes are known ones and bytes
  /// are UTF-8.
  mutating func skipQuickly() throws(Problem) {
    skipWhitespace()
    switch peek() {
    case UInt8(ascii: "{"):
      try open("{", "an object")
      if take("}") { return depth -= 1 }
      repeat {
        _ = try rawString()
        guard take(":") else { throw unexpected("':' after a key") }
        try skipQuickly()
      } while take(",")
      guard take("}") else { throw unexpected("',' or '}'") }
      depth -= 1
    case UInt8(ascii: "["):
      try open("[", "an array")
      if take("]") { return depth -= 1 }
      repeat { try skipQuickly() } while take(",")
      guard take("]") else { throw unexpected("',' or ']'") }
      depth -= 1
    case UInt8(ascii: "\""): _ = try rawString()
    default: try skipValue()
    }
  }

  /// Passes over a value and gives its bytes.
  mutating func rawValue() throws(Problem) -> UnsafeRawBufferPointer {
    skipWhitespace()
    let start = position
    try skipQuickly()
    return UnsafeRawBufferPointer(start: bytes.baseAddress.map { $0 + start }, count: position - start)
  }

  // MARK: Numbers and words

  /// Whether the next value begins with `character`.
  mutating func isAt(_ character: Unicode.Scalar) -> Bool {
    skipWhitespace()
    return peek() == UInt8(ascii: character)
  }

  /// Reads `null`, if that comes next.
  mutating func takeNull() throws(Problem) -> Bool {
    skipWhitespace()
    guard peek() == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  mutating func boolean() throws(Problem) -> Bool {
    skipWhitespace()
    switch peek() {
    case UInt8(ascii: "t"):
      try literal("true")
      return true
    case UInt8(ascii: "f"):
      try literal("false")
      return false
    default: throw unexpected("true or false")
    }
  }

  /// An integer from `Int.min + 1` to `Int.max`, without fraction or exponent.
  mutating func integer() throws(Problem) -> Int {
    skipWhitespace()
    let isNegative = peek() == UInt8(ascii: "-")
    if isNegative {
      position += 1
      guard let digit = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { throw unexpected("a digit") }
    }
    let value = try wholeNumber()
    return isNegative ? -value : value
  }

  /// A number, or one of the strings by which PyTorch writes what JSON has no numbers for.
  mutating func real() throws(Problem) -> Double {
    skipWhitespace()
    let start = position
    if isAt("\"") {
      switch JSONKey(bytes: try rawString()) {
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      case "NaN": return .nan
      default: throw Problem(position: start, message: "a string where a number should be")
      }
    }
    try number()
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw Problem(position: start, message: "a number that cannot be read")
    }
    return value
  }
}
