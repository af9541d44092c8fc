import Crypto
import Foundation

/// Makes the file of a corpus's examples, once.
///
/// It is written beside its place, flushed and renamed, so that a file under its name is always whole. Its name holds its
/// identity: the SHA-256 of the texts, the vocabulary, the settings and the random numbers' seed. A file that was made of
/// anything else is never taken for it.
public enum BERTExampleFile {
  /// Opens the examples of `corpora` in `folder`, and makes them first if they are not there, or not whole.
  ///
  /// The texts are held in memory as numbers, 4 bytes a piece; give a large corpus in parts, each with a file of its own.
  ///
  /// - Parameters:
  ///   - folder: it is made when absent.
  ///   - corpora: the texts, in order; they share their documents when a second text is drawn.
  ///   - tokenizer: the vocabulary's.
  ///   - settings: lengths, fractions and copies.
  ///   - streams: the random numbers; a sequence for each copy of each document.
  ///   - report: takes a line for people.
  /// - Returns: the examples, verified.
  /// - Throws: `DatasetError`: settings out of range, a text that cannot be read or has fewer than two documents, a folder
  ///   that cannot be written.
  public static func open(
    in folder: String, corpora: [TextCorpus], tokenizer: WordPieceTokenizer,
    settings: BERTExampleSettings = BERTExampleSettings(), streams: some NumberStreams,
    report: (String) -> Void = { _ in }
  ) throws(DatasetError) -> BERTExamples {
    try settings.check()
    let identity = try identity(corpora, tokenizer.vocabulary, settings, streams.identity)
    let name = "bert-\(identity.prefix(16)).examples"
    let place = "\(folder)/\(name)"
    if FileManager.default.fileExists(atPath: place) {
      do {
        return try BERTExamples(file: place, identity: identity)
      } catch {
        report("\(error). Making it anew")
      }
    }
    let fetcher = DatasetFetcher()
    try fetcher.makeFolder(folder)
    // Of its own for every call: two threads may make the same file.
    let partial = fetcher.partialPath("\(UUID().uuidString)-\(name)", in: folder)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    let corpus = try TokenizedCorpus(corpora, tokenizer)
    report("\(name): \(corpus.documents.count) documents, \(corpus.tokens.count) pieces, \(settings.copies) times")
    let maker = BERTExampleMaker(
      corpus: corpus, vocabulary: tokenizer.vocabulary, settings: settings, streams: streams)
    try write(maker, identity, to: partial)
    try DatasetFetcher.flush(partial)
    try DatasetFetcher.place(partial, at: place)
    return try BERTExamples(file: place, identity: identity)
  }

  static func identity(
    _ corpora: [TextCorpus], _ vocabulary: WordPieceVocabulary, _ settings: BERTExampleSettings, _ numbers: String
  ) throws(DatasetError) -> String {
    var text = "bert examples \(BERTExampleFormat.version)\n"
    for corpus in corpora {
      text += "corpus \(try ByteStream(file: corpus.file).digest(ofUpTo: .max)) \(corpus.format.rawValue)\n"
    }
    text += "vocabulary \(vocabulary.digest)\n\(settings.identity)\nnumbers \(numbers)\n"
    return SHA256.hash(data: Array(text.utf8)).hexadecimal
  }

  private static func write(
    _ maker: BERTExampleMaker<some NumberStreams>, _ identity: String, to file: String
  ) throws(DatasetError) {
    var format = BERTExampleFormat(
      count: 0, settings: maker.settings, vocabulary: maker.vocabulary, identity: identity)
    do {
      guard FileManager.default.createFile(atPath: file, contents: nil) else {
        throw DatasetError(.unreadable, file: file, problem: "it cannot be made")
      }
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      defer { try? handle.close() }
      // The header comes last: only then are its numbers known, and a file without one is none.
      try handle.write(contentsOf: [UInt8](repeating: 0, count: BERTExampleFormat.headerSize))
      var hash = SHA256()
      var bytes: [UInt8] = []
      func writeOut() throws {
        hash.update(data: bytes)
        try handle.write(contentsOf: bytes)
        bytes.removeAll(keepingCapacity: true)
      }
      for copy in 0..<maker.settings.copies {
        for document in maker.corpus.documents.indices {
          for example in maker.examples(document: document, copy: copy) {
            format.append(example, to: &bytes)
            format.count += 1
          }
          if bytes.count >= 1 << 20 { try writeOut() }
        }
      }
      try writeOut()
      let head = format.head
      hash.update(data: head)
      try handle.seek(toOffset: 0)
      try handle.write(contentsOf: head + Array(hash.finalize()))
    } catch let error as DatasetError {
      throw error
    } catch {
      throw DatasetError(.unreadable, file: file, problem: "it cannot be written (\(error.localizedDescription))")
    }
  }
}
