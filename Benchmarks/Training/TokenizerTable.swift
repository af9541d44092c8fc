import BenchmarkSupport
import Datasets
import Foundation

/// BERT's tokenizer against PyPI's `tokenizers`, one thread each: the same sentences, the same numbers.
struct TokenizerTable {
  /// Ours must be at least this many times as fast.
  static let target = 2.0
  static let lines = 10_000
  /// How often the sentences are taken apart in a repetition.
  private static let passes = 3

  /// - Parameter repetitions: Interleaved repetitions that are measured.
  /// - Returns: Whether the target was reached: not if it was not measured, or if a number differs.
  /// - Throws: What writing the sentences for Python throws.
  static func run(repetitions: Int) throws -> Bool {
    let sentences: [String]
    let vocabulary: String
    do {
      let locator = DatasetLocator()
      sentences = try Self.sentences(locator)
      vocabulary = try locator.textFile(
        ["bert-base-uncased-vocab.txt", "vocab.txt"], what: "the vocabulary of BERT",
        advice: "`idinit-lab fetch bert-vocabulary` downloads it")
    } catch {
      print("BERT's tokenizer: not measured, \(error); target ≥ \(target) ×: \(reached(false))")
      return false
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("idinit-tokenizer-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (text, ids) = (folder.appendingPathComponent("lines.txt"), folder.appendingPathComponent("ids"))
    try Data(sentences.joined(separator: "\n").utf8).write(to: text)

    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: vocabulary))
    var peer: TorchChild?
    do { peer = try TorchChild(script: "tokenizer.py", arguments: [vocabulary, text.path]) } catch {
      print("The side of `tokenizers` is missing, so only ours is measured: \(error.reason)")
    }
    defer { peer?.stop() }
    var (own, theirs): ([Double], [Double]) = ([], [])
    var pieces = 0
    for repetition in 0...repetitions {
      let ours = seconds {
        for _ in 0..<passes { pieces = sentences.reduce(0) { $0 + tokenizer.encode($1).count } }
      }
      let peers = peer?.measure("encode \(passes)") ?? .nan
      // The first repetition warms caches and clocks.
      guard repetition > 0 else { continue }
      own.append(ours)
      theirs.append(peers)
    }

    print("BERT's tokenizer, \(sentences.count) sentences of SST-5, \(pieces) pieces; one thread; load \(load())")
    func line(_ label: String, _ seconds: Double) -> String {
      let rate = String(format: "%.2f", Double(passes * pieces) / seconds / 1e6)
      return row([label, "\(rate) million pieces/s"], [24, 28])
    }
    print(line("Swift", median(own)))
    guard let peer, peer.measure("ids \(ids.path)") != nil, !median(theirs).isNaN else {
      print("tokenizers: not measured; target ≥ \(target) ×: \(reached(false))")
      return false
    }
    let ratio = median(theirs) / median(own)
    let isReached = ratio >= target
    print(
      line("tokenizers \(peer.version)", median(theirs))
        + String(format: "Swift is %.2f × this; target ≥ %g ×: ", ratio, target) + reached(isReached))
    let isEqual = try numbers(of: sentences, tokenizer) == Data(contentsOf: ids)
    print("the numbers are \(isEqual ? "equal" : "NOT EQUAL")")
    return isReached && isEqual
  }

  /// The first sentences of SST-5's training, validation and test parts.
  private static func sentences(_ locator: DatasetLocator) throws(DatasetError) -> [String] {
    let set = try locator.sst5()
    return Array((set.train.sentences + (set.validation?.sentences ?? []) + set.test.sentences).prefix(lines))
  }

  /// For every sentence how many pieces it has, and their numbers, as scripts/bench/tokenizer.py writes them.
  private static func numbers(of sentences: [String], _ tokenizer: WordPieceTokenizer) -> Data {
    let numbers = sentences.flatMap { sentence in
      let ids = tokenizer.encode(sentence)
      return [Int32(ids.count)] + ids
    }
    return numbers.withUnsafeBytes { Data($0) }
  }
}
