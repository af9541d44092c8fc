import Foundation

/// What BERT's tokenizer makes of a character before it looks for pieces: cleaning, Chinese characters set apart, accents
/// taken off, lower case, marks set apart.
///
/// The reference is PyPI's `tokenizers` (`BertNormalizer`, `BertPreTokenizer`), which knows the categories of Unicode 8 and
/// the decompositions of Unicode 12: later characters are to it like letters without a decomposition. All that it does to a
/// character is a function of the character alone, but for the order of several marks on one letter that are not stripped;
/// no vocabulary has such.
enum BERTCharacters {
  enum Kind: UInt8 {
    /// Part of a word, as the scalars that it is mapped to.
    case word
    /// Gone; the word around it goes on.
    case dropped
    /// Ends a word.
    case space
    /// A word of its own.
    case alone
    /// Several scalars of different kinds: looked at one by one.
    case mixed
  }

  static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: return .space
    case 0, 0xFFFD: return .dropped
    default: break
    }
    let properties = scalar.properties
    if isKnown(properties) {
      switch properties.generalCategory {
      case .control, .format, .privateUse: return .dropped
      default: break
      }
    }
    if properties.isWhitespace { return .space }
    return isChinese(scalar) ? .alone : .word
  }

  /// The scalars that are left of one, in lower case and without accents; none if it is an accent.
  static func mapped(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    decomposed(scalar).filter { !isAccent($0) }.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
  }

  /// A mark that is a word of its own.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
    case 0..<0x80: return false
    // A mark in Unicode 8, which is something else now; and one that is an accent now.
    case 0x166D, 0x111C9: return true
    default: break
    }
    guard isKnown(scalar.properties) else { return false }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Accents in Unicode 8 that are something else now, and those that became accents later.
    case 0x1734, 0x1171E: return true
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: return false
    default: break
    }
    return isKnown(scalar.properties) && scalar.properties.generalCategory == .nonspacingMark
  }

  /// Whether the character was in Unicode 8.
  private static func isKnown(_ properties: Unicode.Scalar.Properties) -> Bool {
    properties.age.map { $0.major <= 8 } ?? false
  }

  private static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.isASCII { return [scalar] }
    guard let age = scalar.properties.age, age.major <= 12 else { return [scalar] }
    return Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
  }

  /// The blocks of ideographs as BERT lists them; Hangul, Hiragana and Katakana are written in words.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xF900...0xFAFF, 0x2F800...0x2FA1F: true
    default: isIdeograph(scalar)
    }
  }

  /// Those of them that are a word as they are; the others stand for one of these.
  static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF:
      true
    default: false
    }
  }

  /// Decomposes a syllable of Hangul (the Unicode Standard, 3.12), as `mapped` does more slowly.
  ///
  /// - Returns: Whether it is one.
  static func forEachJamo(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) -> Bool {
    guard (0xAC00...0xD7A3).contains(scalar.value) else { return false }
    let index = scalar.value - 0xAC00
    let parts = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
    for (place, part) in parts.enumerated() where place < 2 || part > 0x11A7 {
      if let jamo = Unicode.Scalar(part) { body(jamo) }
    }
    return true
  }
}

/// The same for reading: a character's kind and the bytes that it becomes, from a table where a table is worth it.
struct BERTCharacterTable: Sendable {
  struct Entry {
    var offset: UInt32
    var count: UInt8
    var scalars: UInt8
    var kind: BERTCharacters.Kind
  }

  /// The scripts that are written in words; beyond are Chinese characters, Hangul, and what is rare.
  static let limit: UInt32 = 0x3100
  static let shared = BERTCharacterTable()

  let entries: [Entry]
  let bytes: [UInt8]

  private init() {
    var entries: [Entry] = []
    var bytes: [UInt8] = []
    entries.reserveCapacity(Int(Self.limit))
    for value in 0..<Self.limit {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let (kind, mapped) = Self.look(scalar)
      entries.append(
        Entry(
          offset: UInt32(bytes.count), count: UInt8(mapped.utf8.count), scalars: UInt8(mapped.unicodeScalars.count),
          kind: kind))
      bytes += mapped.utf8
    }
    self.entries = entries
    self.bytes = bytes
  }

  /// - Returns: the kind of what a scalar becomes, and its text.
  static func look(_ scalar: Unicode.Scalar) -> (kind: BERTCharacters.Kind, text: String) {
    let kind = BERTCharacters.kind(scalar)
    guard kind == .word || kind == .alone else { return (kind, "") }
    let mapped = BERTCharacters.mapped(scalar)
    var text = ""
    text.unicodeScalars.append(contentsOf: mapped)
    if mapped.isEmpty { return (kind == .alone ? .space : .dropped, "") }
    if kind == .alone { return (mapped.count == 1 ? .alone : .mixed, text) }
    let marks = mapped.reduce(0) { $0 + (BERTCharacters.isMark($1) ? 1 : 0) }
    if marks == 0 { return (.word, text) }
    return (mapped.count == 1 ? .alone : .mixed, text)
  }
}
