/// Running text in documents: what a language model is trained on.
public struct TextCorpus: Sendable, Hashable {
  /// How documents are told apart.
  public enum Format: String, Sendable, CaseIterable {
    /// As BERT's `create_pretraining_data.py` has it: a sentence a line, an empty line between documents.
    case blankLines = "blank-lines"
    /// WikiText (Merity et al. 2016): a paragraph a line, ` = Title = ` before each article, ` = = Section = = ` within.
    ///
    /// Headings are left out, as BERT leaves them out of Wikipedia, and an article is a document. A paragraph is cut into
    /// sentences behind a full stop, exclamation or question mark that stands alone, and the quotation mark that closes
    /// there. What WikiText's tokeniser took apart (`@-@`, `@,@`, `@.@`) is put together, and its `<unk>` is `[UNK]`.
    case wikiText = "wikitext"
  }

  /// The text's path.
  public let file: String
  /// How its documents are told apart.
  public let format: Format

  /// A text that is read when it is asked for.
  public init(file: String, format: Format) {
    self.file = file
    self.format = format
  }

  /// The special pieces that its text may have: `[UNK]`, where the corpus itself has hidden words.
  var specials: [WordPieceVocabulary.Special] { format == .wikiText ? [.unknown] : [] }

  /// Goes through the documents: each as its sentences, none of them empty.
  ///
  /// - Throws: `DatasetError` with file and line where the text is no UTF-8; what `body` throws.
  public func forEachDocument(_ body: ([String]) throws(DatasetError) -> Void) throws(DatasetError) {
    // A line of Wikipedia is a paragraph; some are long.
    let reader = try LineReader(file: file, greatestLength: 1 << 24)
    var document: [String] = []
    while let line = try reader.next() {
      let text = Self.trimmed(try reader.text(line))
      switch format {
      case .blankLines:
        if !text.isEmpty {
          document.append(text)
          continue
        }
      case .wikiText:
        guard let level = WikiText.headingLevel(text) else {
          document += WikiText.sentences(text)
          continue
        }
        if level > 1 { continue }
      }
      if !document.isEmpty { try body(document) }
      document = []
    }
    if !document.isEmpty { try body(document) }
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }
}

/// What is particular to WikiText's files.
enum WikiText {
  /// 1 for ` = Title = `, 2 for ` = = Section = = `; `nil` for a line that is no heading.
  static func headingLevel(_ line: String) -> Int? {
    guard line.utf8.first == UInt8(ascii: "="), line.utf8.last == UInt8(ascii: "=") else { return nil }
    let words = line.split(separator: " ")
    let before = words.prefix { $0 == "=" }.count
    let after = words.reversed().prefix { $0 == "=" }.count
    return before == after && before > 0 && before + after < words.count ? before : nil
  }

  /// The sentences of a paragraph; none of an empty line.
  static func sentences(_ paragraph: String) -> [String] {
    var sentences: [String] = []
    var sentence = ""
    var isQuoted = false
    var hasEnded = false
    var isGlued = false
    func end() {
      if !sentence.isEmpty { sentences.append(sentence) }
      sentence = ""
      hasEnded = false
    }
    for word in paragraph.split(separator: " ", omittingEmptySubsequences: true) {
      let closes = word == "\"" && isQuoted
      if hasEnded && !closes { end() }
      if word == "\"" { isQuoted.toggle() }
      if word == "@-@" || word == "@,@" || word == "@.@" {
        sentence += word.dropFirst().dropLast()
        isGlued = true
        continue
      }
      if !sentence.isEmpty && !isGlued { sentence += " " }
      isGlued = false
      sentence += word == "<unk>" ? WordPieceVocabulary.Special.unknown.rawValue[...] : word
      if word == "." || word == "!" || word == "?" { hasEnded = true }
    }
    end()
    return sentences
  }
}
