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
        idinit-lab fetch mnist      # 12 MB
        idinit-lab fetch cifar10    # 170 MB, on disk 184 MB: unpacked

      The files go to the cache ($XDG_CACHE_HOME/idinit or ~/.cache/idinit), where `run` finds them. What is there \
      and whole is not downloaded again.
      """)

  /// The data sets that can be downloaded.
  private enum Name: String, CaseIterable { case mnist, cifar10 }

  private static let names = Name.allCases.map(\.rawValue)

  @Argument(help: "The data set: \(names.joined(separator: " or ")).", completion: .list(names))
  var dataset: String

  func run() throws {
    guard let name = Name(rawValue: dataset) else {
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
