/// GloVe's text format (Pennington, Socher and Manning 2014): a line a word, `word n1 … nD`, single spaces, no header.
public enum GloVeFile {
  /// Reads the vectors of a vocabulary's words; the file is gone through once, in bounded memory.
  ///
  /// The width of every line is checked, the numbers of the wanted words are read. A word may have spaces in it (some of
  /// `glove.840B.300d.txt` do), as long as no part of it after the first is a number.
  ///
  /// - Parameters:
  ///   - file: its path; it may be gzipped.
  ///   - vocabulary: the words, compared byte by byte. GloVe's 6B words are lower-cased.
  ///   - dimension: numbers a word; `nil` takes the first line's.
  /// - Returns: a row for each of the vocabulary's numbers.
  /// - Throws: `DatasetError` with file and line: a line of another width, a number that is none or not finite, a header
  ///   as word2vec's text format has it.
  public static func read(
    _ file: String, for vocabulary: WordVocabulary, dimension: Int? = nil
  ) throws(DatasetError) -> WordVectors {
    let reader = try LineReader(file: file)
    var next = try reader.next()
    let first = next ?? []
    var table = WordVectorTable(
      rows: vocabulary.count, dimension: try Self.dimension(of: first, expected: dimension, reader))
    while let line = next {
      let word = try word(in: line, table.dimension, reader)
      let row = vocabulary.trie.withWalker { walker in word.withUnsafeBufferPointer(walker.value(of:)) }
      if table.wants(row) { try readNumbers(line[word.endIndex...].dropFirst(), of: row, into: &table, reader) }
      next = try reader.next()
    }
    return table.vectors(from: file)
  }

  private static let space = UInt8(ascii: " ")

  /// The width of the first line.
  private static func dimension(
    of line: ArraySlice<UInt8>, expected: Int?, _ reader: LineReader
  ) throws(DatasetError) -> Int {
    let fields = line.split(separator: space, omittingEmptySubsequences: false)
    if fields.count == 2, fields.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }) {
      throw DatasetError(
        .malformed, file: reader.file, place: reader.place, problem: "a header, as word2vec's text format has it",
        expected: "GloVe's format, which has none", advice: "Delete the first line")
    }
    let found = expected ?? fields.count - 1
    guard (1...WordVectorTable.greatestDimension).contains(found) else {
      throw DatasetError(
        .malformed, file: reader.file, place: reader.place, problem: "\(found) numbers",
        expected: "a word and from 1 to \(WordVectorTable.greatestDimension) numbers, separated by single spaces")
    }
    return found
  }

  /// What stands before the last `dimension` fields.
  private static func word(
    in line: ArraySlice<UInt8>, _ dimension: Int, _ reader: LineReader
  ) throws(DatasetError) -> ArraySlice<UInt8> {
    let (end, spaces) = line.withUnsafeBufferPointer { bytes in
      var spaces = 0
      var index = bytes.count
      while index > 0 && spaces < dimension {
        index &-= 1
        if bytes[index] == space { spaces &+= 1 }
      }
      return (index, spaces)
    }
    let word = line[..<(line.startIndex + end)]
    guard spaces == dimension, !word.isEmpty else { throw wrongWidth(spaces, dimension, reader) }
    let rest = word.split(separator: space, omittingEmptySubsequences: false).dropFirst()
    if let first = rest.firstIndex(where: { number($0) != nil }) {
      throw wrongWidth(dimension + rest.endIndex - first, dimension, reader)
    }
    return word
  }

  private static func wrongWidth(_ count: Int, _ dimension: Int, _ reader: LineReader) -> DatasetError {
    DatasetError(
      .malformed, file: reader.file, place: reader.place, problem: "\(count) numbers",
      expected: "a word and \(dimension) numbers, separated by single spaces")
  }

  private static func readNumbers(
    _ fields: ArraySlice<UInt8>, of row: Int32, into rows: inout WordVectorTable, _ reader: LineReader
  ) throws(DatasetError) {
    for (column, field) in fields.split(separator: space, omittingEmptySubsequences: false).enumerated() {
      guard let value = number(field) else {
        throw DatasetError(
          .malformed, file: reader.file, place: "\(reader.place), number \(column + 1)",
          problem: "'\(String(decoding: field.prefix(20), as: UTF8.self))'", expected: "a finite decimal number")
      }
      rows.set(row, column, value)
    }
  }

  /// The nearest `Float`; `nil` for what is no decimal number, or too large for one.
  private static func number(_ field: ArraySlice<UInt8>) -> Float? {
    let isDecimal = !field.isEmpty && field.count <= 64 && field.allSatisfy { isDecimalCharacter($0) }
    guard isDecimal, let value = Float(String(decoding: field, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  private static func isDecimalCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
