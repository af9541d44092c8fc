import ArgumentParser
import Datasets
import Foundation
import IDInit
import Lab

struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a data set's official files, checked by SHA-256.",
    discussion: """
      Examples:
        idinit-lab fetch mnist             # 12 MB
        idinit-lab fetch cifar10           # 170 MB, on disk 184 MB: unpacked
        idinit-lab fetch sst2              # 1 MB; sst5 and trec6 likewise
        idinit-lab fetch bert-vocabulary   # 0.2 MB

      The files go to the cache ($XDG_CACHE_HOME/idinit or ~/.cache/idinit), where `run` finds them. What is there \
      and whole is not downloaded again.

      Word vectors are not among them: unpack GloVe's from \(gloVe), and name their folder with IDINIT_DATA.
      """)

  /// The data sets that can be downloaded.
  private enum Name: String, CaseIterable {
    case mnist, cifar10, sst2, sst5, trec6
    case bertVocabulary = "bert-vocabulary"
  }

  private static let gloVe = "https://nlp.stanford.edu/data/glove.6B.zip (862 MB)"

  private static let names = Name.allCases.map(\.rawValue)

  @Argument(help: "The data set: \(names.joined(separator: ", ")).", completion: .list(names))
  var dataset: String

  func run() throws {
    guard let name = Name(rawValue: dataset) else {
      if dataset.lowercased().hasPrefix("glove") {
        throw LabError(
          .usage,
          "GloVe's vectors are not downloaded from here: unpack \(Self.gloVe), and name their folder with IDINIT_DATA")
      }
      let nearest = didYouMean(dataset.lowercased(), among: Self.names).map { "; \($0)" } ?? ""
      let known = "known: \(Self.names.joined(separator: ", "))"
      throw LabError(.usage, "there is no data set '\(dataset)' to download (\(known))\(nearest)")
    }
    let stop = StopSignal.catchingInterrupts()
    // Everything happens on this thread: the fetcher asks and tells between two looks at the download.
    nonisolated(unsafe) let progress = DownloadProgress()
    defer { progress.clear() }
    let fetcher = DatasetFetcher(
      isCancelled: { stop.isRequested },
      report: { line in
        progress.clear()
        Output.note(line)
      },
      progress: { progress.show($0, done: $1, of: $2) })
    let cache = DatasetLocator().cache
    let folder: String
    do {
      switch name {
      case .mnist: folder = try fetcher.fetchMNIST(cache: cache)
      case .cifar10: folder = try fetcher.fetchCIFAR10(cache: cache)
      case .sst2: folder = try fetcher.fetchSST2(cache: cache)
      case .sst5: folder = try fetcher.fetchSST5(cache: cache)
      case .trec6: folder = try fetcher.fetchTREC6(cache: cache)
      case .bertVocabulary: folder = try fetcher.fetchBERTVocabulary(cache: cache)
      }
    } catch {
      if stop.isRequested {
        throw LabError(.interrupted, "stopped; what arrived whole is kept, nothing partial is left")
      }
      throw error
    }
    progress.clear()
    try Output.print(folder)
  }
}
