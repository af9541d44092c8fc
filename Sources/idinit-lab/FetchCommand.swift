import ArgumentParser
import Datasets
import Foundation
import Lab

struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a data set's official files, checked by SHA-256.",
    discussion: """
      Example:
        idinit-lab fetch mnist

      The files go to the cache ($XDG_CACHE_HOME/idinit or ~/.cache/idinit), where `run` finds them. What is there \
      and whole is not downloaded again.
      """)

  enum Name: String, CaseIterable, ExpressibleByArgument { case mnist }

  @Argument(help: "The data set: mnist.")
  var dataset: Name

  func run() throws {
    let stop = StopSignal.catchingInterrupts()
    let fetcher = DatasetFetcher(
      isCancelled: { stop.isRequested },
      report: { Output.note($0) })
    do {
      switch dataset {
      case .mnist: try Output.print(try fetcher.fetchMNIST(cache: DatasetLocator().cache))
      }
    } catch {
      if stop.isRequested {
        throw LabError(.interrupted, "stopped; what arrived whole is kept, nothing partial is left")
      }
      throw error
    }
  }
}
