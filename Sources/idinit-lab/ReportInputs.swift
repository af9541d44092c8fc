import Foundation
import Lab
import Recipes
import Report

/// What a report is made of: runs, and files of probes.
struct ReportInputs {
  private(set) var experiments: [Experiment] = []
  private(set) var probes: [ProbeReport] = []
  /// What the command must end with once the page is made: of runs that could not be read.
  private(set) var problem: LabError?

  /// - Parameter paths: As on the command line. A folder holds runs; a file is what `probe --json` printed.
  /// - Throws: `LabError` for one that is neither, or cannot be read.
  init(_ paths: [String]) throws {
    var folders: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if exists, !isFolder.boolValue {
        probes.append(try Self.probe(path))
      } else {
        folders.append(path)
      }
    }
    let (runs, problem) = try FinishedRun.found(in: folders)
    experiments = try Experiment.groups(runs)
    self.problem = problem
  }

  private static func probe(_ path: String) throws(LabError) -> ProbeReport {
    guard let data = FileManager.default.contents(atPath: path) else { throw LabError(.io, "cannot read \(path)") }
    do throws(ProbeFileError) {
      return try ProbeReport(parsing: data)
    } catch {
      throw LabError(
        .data,
        "\(path)\(error.path.isEmpty ? " " : ", at ")\(error). A folder has runs; a file must be what "
          + "idinit-lab probe NETWORK --json prints")
    }
  }

  var runs: [FinishedRun] { experiments.flatMap(\.runs) }

  /// "3 runs and 1 probe".
  var counts: String {
    [Self.count(runs.count, "run"), Self.count(probes.count, "probe")].compactMap { $0 }.joined(separator: " and ")
  }

  static func count(_ number: Int, _ noun: String) -> String? {
    number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
