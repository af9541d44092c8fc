import Crypto

/// The pieces of words that BERT knows: a piece a line, its number the line's, from 0 on; `##` marks pieces that go on.
public struct WordPieceVocabulary: Sendable {
  /// The pieces that have a meaning of their own.
  public enum Special: String, Sendable, CaseIterable {
    /// Fills a sequence: `[PAD]`.
    case padding = "[PAD]"
    /// A word that no pieces make: `[UNK]`.
    case unknown = "[UNK]"
    /// Begins every example.
    case classification = "[CLS]"
    /// Ends every segment.
    case separator = "[SEP]"
    /// Hides a piece that is to be predicted.
    case mask = "[MASK]"
  }

  /// By number.
  public let pieces: [String]
  /// SHA-256 of the pieces, each with a newline, in lower-case hexadecimal: that of the file, if its lines end with `\n`.
  public let digest: String

  let trie: ByteTrie
  private let specialIDs: [Int32]

  /// Real vocabularies have from 0.2 to 2 MB.
  private static let greatestSize = 1 << 24

  /// Reads a vocabulary, for example `bert-base-uncased-vocab.txt` or Google's `vocab.txt`.
  ///
  /// - Throws: `DatasetError` with file and line: no UTF-8, an empty line, a piece that comes twice; or no line for one of
  ///   the special pieces, all of those missing being named.
  public init(file: String) throws(DatasetError) {
    let reader = try LineReader(file: file, greatestLength: 4096)
    var pieces: [String] = []
    var builder = ByteTrie.Builder()
    var size = 0
    var hash = SHA256()
    while let line = try reader.next() {
      guard !line.isEmpty else {
        throw DatasetError(
          .malformed, file: file, place: reader.place, problem: "an empty line", expected: "a piece of a word")
      }
      let piece = try reader.text(line)
      if let earlier = builder.insert(line, Int32(pieces.count)) {
        throw DatasetError(
          .malformed, file: file, place: reader.place, problem: "'\(piece.prefix(40))', as in line \(earlier + 1)",
          expected: "every piece once")
      }
      pieces.append(piece)
      hash.update(data: Array(line) + [UInt8(ascii: "\n")])
      size += line.count
      guard size <= Self.greatestSize else {
        throw DatasetError(
          .malformed, file: file, place: reader.place, problem: "over \(Self.greatestSize) bytes of pieces",
          expected: "a vocabulary of word pieces")
      }
    }
    let trie = builder.build()
    let missing = Special.allCases.filter { trie[$0.rawValue.utf8] == nil }.map(\.rawValue)
    guard missing.isEmpty else {
      throw DatasetError(
        .malformed, file: file, problem: "its \(pieces.count) pieces lack \(missing.joined(separator: ", "))",
        expected: "BERT's special pieces \(Special.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.pieces = pieces
    self.trie = trie
    specialIDs = Special.allCases.map { trie[$0.rawValue.utf8] ?? 0 }
    digest = hash.finalize().hexadecimal
  }

  /// How many pieces there are.
  public var count: Int { pieces.count }

  /// The place of a special piece.
  public func id(of special: Special) -> Int32 {
    switch special {
    case .padding: specialIDs[0]
    case .unknown: specialIDs[1]
    case .classification: specialIDs[2]
    case .separator: specialIDs[3]
    case .mask: specialIDs[4]
    }
  }

  /// The piece's number, compared byte by byte; `nil` if it is none.
  public func id(of piece: String) -> Int32? { trie[piece.utf8] }
}
