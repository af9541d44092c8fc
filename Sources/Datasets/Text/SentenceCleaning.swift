/// How a sentence becomes words.
///
/// Kim's code (`yoonkim/CNN_sentence`, `process_data.py`) has two ways: `clean_str_sst` for the sentiment treebank, which is
/// tokenised already, and `clean_str` for everything else. Both keep ASCII letters, digits and `( ) , ! ? ' \`` and take
/// everything else for space; `clean_str` also cuts off the English clitics 's, 've, n't, 're, 'd, 'll and sets the other
/// marks apart. (Run by Python 2 it leaves a backslash before `(`, `)` and `?`, which no list of word vectors has;
/// `harvardnlp/sent-conv-torch` writes the marks alone, and so do we.)
public enum SentenceCleaning: String, Sendable, CaseIterable {
  /// `clean_str`: for TREC.
  case general
  /// `clean_str_sst`: for SST.
  case treebank
  /// Cut at spaces only: for text that is tokenised already and whose words are wanted as they are.
  case none

  /// - Parameters:
  ///   - sentence: one line.
  ///   - lowercased: A to Z become a to z (all letters where `none`). GloVe's words are lower-cased; word2vec's are not,
  ///     and Kim's code keeps the case of TREC alone.
  /// - Returns: the words, none of them empty; there may be none.
  public func words(of sentence: String, lowercased: Bool) -> [String] {
    switch self {
    case .none:
      let words = sentence.split(separator: " ", omittingEmptySubsequences: true)
      return words.map { lowercased ? $0.lowercased() : String($0) }
    case .treebank: return Self.split(sentence, lowercased) { _, _ in nil }
    case .general: return Self.split(sentence, lowercased, Self.cut)
    }
  }

  private enum Cut {
    /// A word begins here.
    case before
    /// The character is a word of its own.
    case around
  }

  private static func split(
    _ sentence: String, _ lowercased: Bool, _ cut: (UnsafeBufferPointer<UInt8>, Int) -> Cut?
  ) -> [String] {
    var sentence = sentence
    return sentence.withUTF8 { bytes in
      var words: [String] = []
      var word: [UInt8] = []
      func end() {
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
      }
      for index in bytes.indices {
        let byte = bytes[index]
        guard isKept(byte) else {
          end()
          continue
        }
        let cut = cut(bytes, index)
        if cut != nil { end() }
        word.append(lowercased && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        if cut == .around { end() }
      }
      end()
      return words
    }
  }

  private static func isKept(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "!"), UInt8(ascii: "?"),
      UInt8(ascii: "'"), UInt8(ascii: "`"):
      true
    default: false
    }
  }

  private static let clitics: [[UInt8]] = ["'s", "'ve", "n't", "'re", "'d", "'ll"].map { Array($0.utf8) }

  private static func cut(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Cut? {
    switch bytes[index] {
    case UInt8(ascii: ","), UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "?"): .around
    case UInt8(ascii: "'"), UInt8(ascii: "n"): clitics.contains { bytes[index...].starts(with: $0) } ? .before : nil
    default: nil
    }
  }
}
