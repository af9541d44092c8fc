/// BERT's tokenizer, uncased: text to the numbers of pieces of words.
///
/// It gives what PyPI's `tokenizers` gives (`BertWordPieceTokenizer(vocabulary, lowercase=True)`, version 0.22), which is what
/// Google's `tokenization.py` gives but for the special pieces in the text. A word is the longest piece that it begins with,
/// then the longest that goes on from there, and so on; a word that cannot be made so, or has over 100 characters, is
/// unknown as a whole (Schuster and Nakajima 2012; Devlin et al. 2019).
///
/// Text is gone through once, as bytes: ASCII by a table of 128 entries, other scripts by one of 12,544, and pieces by walking
/// down a trie. Nothing is allocated for a word. A value may be used from any number of threads.
public struct WordPieceTokenizer: Sendable {
  /// The pieces that there are.
  public let vocabulary: WordPieceVocabulary

  /// Characters of the longest word that is looked at.
  static let greatestWord = 100

  private let unknown: Int32
  /// Where the trie stands after `##`; pieces that go on are looked up from there.
  private let continuation: ByteTrie.Node
  private let table = BERTCharacterTable.shared

  /// The tokenizer of a vocabulary.
  public init(_ vocabulary: WordPieceVocabulary) {
    self.vocabulary = vocabulary
    unknown = vocabulary.id(of: .unknown)
    continuation = vocabulary.trie.withWalker { walker in
      let hash = UInt8(ascii: "#")
      let node = walker.step(ByteTrie.root, hash)
      return node == ByteTrie.none ? node : walker.step(node, hash)
    }
  }

  /// The numbers of the pieces of `text`, without `[CLS]` and `[SEP]` around them.
  ///
  /// - Parameters:
  ///   - text: any; characters that are none (U+0000, U+FFFD, control characters) are passed over.
  ///   - specials: special pieces that are taken for themselves where the text has them, such as `[MASK]`. As in
  ///     `tokenizers` all are; in a corpus, whose authors may write of BERT, none should be.
  /// - Returns: a number for each piece, in the text's order.
  public func encode(
    _ text: String, recognizing specials: [WordPieceVocabulary.Special] = WordPieceVocabulary.Special.allCases
  ) -> [Int32] {
    var text = text
    var ids: [Int32] = []
    text.withUTF8 { bytes in
      ids.reserveCapacity(bytes.count / 3)
      encode(bytes, recognizing: specials, into: &ids)
    }
    return ids
  }

  /// The same for UTF-8 that is known to be well-formed; the numbers are appended.
  func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, recognizing specials: [WordPieceVocabulary.Special], into ids: inout [Int32]
  ) {
    let specials = specials.map { (bytes: Array($0.rawValue.utf8), id: vocabulary.id(of: $0)) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Word.capacity) { buffer in
      vocabulary.trie.withWalker { walker in
        var word = Word(buffer)
        encode(bytes, specials, walker, &word, &ids)
      }
    }
  }

  /// The word that is being read, as far as a word can go.
  private struct Word {
    /// A character has at most four bytes, and one may come in whole that is over the end.
    static let capacity = 4 * (WordPieceTokenizer.greatestWord + 1)

    let bytes: UnsafeMutableBufferPointer<UInt8>
    var count = 0
    var scalars = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    /// Takes a byte that is a character; of those over the end only their number matters.
    @inline(__always) mutating func append(ascii byte: UInt8) {
      if scalars < WordPieceTokenizer.greatestWord {
        bytes[count] = byte
        count &+= 1
      }
      scalars &+= 1
    }

    @inline(__always) mutating func append(byte: UInt8) {
      guard count < Self.capacity else { return }
      bytes[count] = byte
      count &+= 1
    }

    mutating func append(_ scalar: Unicode.Scalar) {
      if let bytes = UTF8.encode(scalar) {
        for byte in bytes { append(byte: byte) }
      }
      scalars &+= 1
    }

    mutating func clear() { (count, scalars) = (0, 0) }
  }

  private func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, _ specials: [(bytes: [UInt8], id: Int32)], _ walker: ByteTrie.Walker,
    _ word: inout Word, _ ids: inout [Int32]
  ) {
    let end = bytes.count
    var index = 0
    table.entries.withUnsafeBufferPointer { entries in
      table.bytes.withUnsafeBufferPointer { mapped in
        while index < end {
          let byte = bytes[index]
          var value = UInt32(byte)
          if byte >= 0x80 {
            value = Self.decode(bytes, &index)
          } else {
            if byte == UInt8(ascii: "["), let special = Self.special(specials, bytes, index) {
              flush(&word, walker, &ids)
              ids.append(special.id)
              index &+= special.bytes.count
              continue
            }
            index &+= 1
          }
          guard value < BERTCharacterTable.limit else {
            encodeRare(value, walker, &word, &ids)
            continue
          }
          let entry = entries[Int(value)]
          switch entry.kind {
          case .word:
            if entry.count == 1 {
              word.append(ascii: mapped[Int(entry.offset)])
            } else {
              for place in 0..<Int(entry.count) { word.append(byte: mapped[Int(entry.offset) &+ place]) }
              word.scalars &+= Int(entry.scalars)
            }
          case .dropped: break
          case .space: if word.scalars > 0 { flush(&word, walker, &ids) }
          case .alone:
            if word.scalars > 0 { flush(&word, walker, &ids) }
            for place in 0..<Int(entry.count) { word.append(byte: mapped[Int(entry.offset) &+ place]) }
            word.scalars = 1
            flush(&word, walker, &ids)
          case .mixed: encodeRare(value, walker, &word, &ids)
          }
        }
      }
    }
    flush(&word, walker, &ids)
  }

  /// A character that the table leaves out, or that becomes several of different kinds.
  private func encodeRare(_ value: UInt32, _ walker: ByteTrie.Walker, _ word: inout Word, _ ids: inout [Int32]) {
    guard let scalar = Unicode.Scalar(value) else { return }
    if BERTCharacters.isIdeograph(scalar) {
      flush(&word, walker, &ids)
      word.append(scalar)
      flush(&word, walker, &ids)
      return
    }
    if BERTCharacters.forEachJamo(scalar, { word.append($0) }) { return }
    let (kind, text) = BERTCharacterTable.look(scalar)
    switch kind {
    case .dropped: break
    case .space: flush(&word, walker, &ids)
    case .word: for scalar in text.unicodeScalars { word.append(scalar) }
    case .alone, .mixed:
      let isChinese = BERTCharacters.kind(scalar) == .alone
      if isChinese { flush(&word, walker, &ids) }
      for scalar in text.unicodeScalars {
        let isMark = BERTCharacters.isMark(scalar)
        if isMark { flush(&word, walker, &ids) }
        word.append(scalar)
        if isMark { flush(&word, walker, &ids) }
      }
      if isChinese { flush(&word, walker, &ids) }
    }
  }

  /// Ends the word, if there is one, and appends the numbers of its pieces.
  @inline(__always)
  private func flush(_ word: inout Word, _ walker: ByteTrie.Walker, _ ids: inout [Int32]) {
    guard word.scalars > 0 else { return }
    defer { word.clear() }
    guard word.scalars <= Self.greatestWord else {
      ids.append(unknown)
      return
    }
    let before = ids.count
    var start = 0
    var root = ByteTrie.root
    while start < word.count {
      var node = root
      var (best, bestEnd) = (Int32(-1), start)
      var place = start
      while place < word.count, node != ByteTrie.none {
        node = walker.step(node, word.bytes[place])
        place &+= 1
        guard node != ByteTrie.none else { break }
        let value = walker.value(node)
        if value >= 0 { (best, bestEnd) = (value, place) }
      }
      guard best >= 0 else {
        ids.removeSubrange(before...)
        ids.append(unknown)
        return
      }
      ids.append(best)
      start = bestEnd
      root = continuation
    }
  }

  /// The scalar at `index`, which goes on behind it. The bytes are well-formed.
  @inline(__always)
  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
    let lead = UInt32(bytes[index])
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = lead & (0x7F >> UInt32(length))
    for place in 1..<length where index &+ place < bytes.count {
      value = value << 6 | UInt32(bytes[index &+ place] & 0x3F)
    }
    index &+= length
    return value
  }

  private static func special(
    _ specials: [(bytes: [UInt8], id: Int32)], _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> (bytes: [UInt8], id: Int32)? {
    specials.first { bytes[index...].starts(with: $0.bytes) }
  }
}
