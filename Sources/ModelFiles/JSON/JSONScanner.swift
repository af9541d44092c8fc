/// A strict pull parser for JSON from files nobody vouches for.
///
/// Foundation's decoders keep one of two equal keys in silence, give no byte position for what is wrong and need
/// Foundation loaded. This one reads RFC 8259 and no more: equal keys are an error, integers are exact, nesting is
/// bounded, strings are valid Unicode, and every error has its byte.
struct JSONScanner {
  /// What is wrong, and at which byte of the text.
  struct Problem: Error, Equatable {
    var position: Int
    var message: String
    var duplicateKey: String?
    /// Levels of nesting around it.
    var depth = 0
  }

  static let maximumDepth = 64

  let bytes: UnsafeRawBufferPointer
  var position = 0
  var depth = 0
  /// Marks of the keys that the objects around the present place have had; see `fields`.
  var keyMarks: [UInt64] = []
  /// Where pages of a mapped text are given back next; see `releasePages`.
  var releasePosition = Int.max

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  // MARK: Values

  /// Reads an object; `member` is called with each key and must read its value.
  mutating func object(_ member: (inout JSONScanner, String) throws(Problem) -> Void) throws(Problem) {
    try open("{", "an object")
    var keys = Set<ExactString>()
    if take("}") { return depth -= 1 }
    repeat {
      skipWhitespace()
      let keyPosition = position
      let key = try string()
      guard keys.insert(ExactString(key)).inserted else {
        throw Problem(
          position: keyPosition, message: "the key \(quoted(key)) stands twice", duplicateKey: key, depth: depth)
      }
      guard take(":") else { throw unexpected("':' after the key \(quoted(key))") }
      try member(&self, key)
    } while take(",")
    guard take("}") else { throw unexpected("',' or '}'") }
    depth -= 1
  }

  /// Reads an array; `element` is called at each element and must read it.
  mutating func array(_ element: (inout JSONScanner) throws(Problem) -> Void) throws(Problem) {
    try open("[", "an array")
    if take("]") { return depth -= 1 }
    repeat { try element(&self) } while take(",")
    guard take("]") else { throw unexpected("',' or ']'") }
    depth -= 1
  }

  /// An integer from 0 to `Int.max`, without sign, fraction or exponent.
  mutating func wholeNumber() throws(Problem) -> Int {
    skipWhitespace()
    let start = position
    var value = 0
    while let digit = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      if overflow || carry { throw Problem(position: start, message: "a number above 2^63 - 1") }
      value = sum
      position += 1
    }
    guard position > start else { throw unexpected("a whole number") }
    if position - start > 1, bytes[start] == UInt8(ascii: "0") {
      throw Problem(position: start, message: "a number with a leading zero")
    }
    if let next = peek(), next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") {
      throw unexpected("a whole number")
    }
    return value
  }

  mutating func string() throws(Problem) -> String {
    skipWhitespace()
    guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = position
    position += 1
    // Most strings have no escape and are taken as they stand.
    let first = position
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    var decoded = [UInt8]()
    if peek() == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(UnsafeRawBufferPointer(rebasing: bytes[first..<position]), at: first)
    }
    decoded.append(contentsOf: bytes[first..<position])
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try decoded.withUnsafeBytesKeepingError { (raw) throws(Problem) in try text(raw, at: start) }
      case UInt8(ascii: "\\"): try escape(into: &decoded)
      case ..<0x20: throw Problem(position: position, message: "a control character inside a string")
      default:
        decoded.append(byte)
        position += 1
      }
    }
    throw Problem(position: start, message: "a string without its closing quote")
  }

  /// Reads any value and drops it.
  mutating func skipValue() throws(Problem) {
    skipWhitespace()
    switch peek() {
    case UInt8(ascii: "{"): try object { (scanner, _) throws(Problem) in try scanner.skipValue() }
    case UInt8(ascii: "["): try array { (scanner) throws(Problem) in try scanner.skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try number()
    }
  }

  /// Nothing but white space may follow.
  mutating func end() throws(Problem) {
    skipWhitespace()
    if position < bytes.count { throw unexpected("nothing more") }
  }

  // MARK: Pieces

  @inline(__always)
  func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  @inline(__always)
  mutating func skipWhitespace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  @inline(__always)
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    if position >= releasePosition { releasePages() }
    skipWhitespace()
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func open(_ bracket: Unicode.Scalar, _ what: String) throws(Problem) {
    guard take(bracket) else { throw unexpected(what) }
    depth += 1
    if depth > Self.maximumDepth {
      throw Problem(position: position - 1, message: "more than \(Self.maximumDepth) levels of nesting")
    }
  }

  mutating func literal(_ word: StaticString) throws(Problem) {
    for index in 0..<word.utf8CodeUnitCount {
      guard peek() == word.utf8Start[index] else { throw unexpected("'\(word)'") }
      position += 1
    }
  }

  mutating func number() throws(Problem) {
    if peek() == UInt8(ascii: "-") { position += 1 }
    let start = position
    try digits()
    if position - start > 1, bytes[start] == UInt8(ascii: "0") {
      throw Problem(position: start, message: "a number with a leading zero")
    }
    if peek() == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
  }

  private mutating func digits() throws(Problem) {
    let start = position
    while let digit = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit { position += 1 }
    if position == start { throw unexpected("a value") }
  }

  /// Decodes one escape, a surrogate pair included, and appends it as UTF-8.
  private mutating func escape(into decoded: inout [UInt8]) throws(Problem) {
    let start = position
    position += 1
    guard let kind = peek() else { throw unexpected("an escape") }
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(kind)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"):
      var value = try fourHexDigits()
      if 0xD800...0xDBFF ~= value, peek() == UInt8(ascii: "\\") {
        position += 1
        guard peek() == UInt8(ascii: "u") else { throw unexpected("the second half of a surrogate pair") }
        position += 1
        let low = try fourHexDigits()
        if 0xDC00...0xDFFF ~= low { value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) }
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw Problem(position: start, message: "half of a surrogate pair")
      }
      decoded.append(contentsOf: String(Character(scalar)).utf8)
    default: throw Problem(position: start, message: "an unknown escape")
    }
  }

  private mutating func fourHexDigits() throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// The bytes as a string; `start` is where they stand, for the error.
  func text(_ raw: UnsafeRawBufferPointer, at start: Int) throws(Problem) -> String {
    if raw.contains(where: { $0 >= 0x80 }) {
      var parser = Unicode.UTF8.ForwardParser()
      var iterator = raw.makeIterator()
      var offset = 0
      scan: while true {
        switch parser.parseScalar(from: &iterator) {
        case .valid(let scalar): offset += scalar.count
        case .error: throw Problem(position: start + offset, message: "bytes that are no UTF-8")
        case .emptyInput: break scan
        }
      }
    }
    return String(decoding: raw, as: UTF8.self)
  }

  func unexpected(_ expected: String) -> Problem {
    guard let byte = peek() else { return Problem(position: position, message: "it ends where \(expected) should be") }
    let found = 0x21...0x7E ~= byte ? "'\(Unicode.Scalar(byte))'" : "byte 0x" + String(byte, radix: 16)
    return Problem(position: position, message: "\(found) where \(expected) should be")
  }
}

extension Array where Element == UInt8 {
  /// `withUnsafeBytes` that keeps the type of the error.
  func withUnsafeBytesKeepingError<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    let outcome: Result<R, E> = withUnsafeBytes { raw in
      Result { () throws(E) in try body(raw) }
    }
    return try outcome.get()
  }
}

/// A string compared by its bytes, as file formats do: to Swift's `==`, "é" and "e" with an accent are one.
struct ExactString: Hashable, Comparable {
  let string: String
  init(_ string: String) { self.string = string }

  static func == (a: Self, b: Self) -> Bool {
    if a.string.utf8.count != b.string.utf8.count { return false }
    let isEqual = a.string.utf8.withContiguousStorageIfAvailable { a in
      b.string.utf8.withContiguousStorageIfAvailable { b in a.indices.allSatisfy { a[$0] == b[$0] } }
    }
    return (isEqual ?? nil) ?? a.string.utf8.elementsEqual(b.string.utf8)
  }
  static func < (a: Self, b: Self) -> Bool { a.string.utf8.lexicographicallyPrecedes(b.string.utf8) }

  func hash(into hasher: inout Hasher) {
    let isHashed: Void? = string.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isHashed == nil { Array(string.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
  }
}
