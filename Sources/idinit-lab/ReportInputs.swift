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
    experiments = Self.listed(try Experiment.groups(runs))
    self.problem = problem
  }

  /// In the order of `idinit-lab list`, whatever the folders are called; those of one recipe as they were found.
  private static func listed(_ experiments: [Experiment]) -> [Experiment] {
    let ids = RecipeRegistry.ids
    func place(_ experiment: Experiment) -> Int { ids.firstIndex(of: experiment.recipe.card.id) ?? ids.count }
    return experiments.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
      .map(\.element)
  }

  /// The page's title where none was asked for: probes alone have their networks and starts in it.
  var title: String {
    guard experiments.isEmpty, !probes.isEmpty else { return "IDInit: the paper's experiments, repeated" }
    func listed(_ names: [String]) -> String {
      var known: Set<String> = []
      let names = names.filter { known.insert($0).inserted }
      guard let last = names.last, names.count > 1 else { return names.first ?? "" }
      return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
    return "How \(listed(probes.map(\.network))) start\(Set(probes.map(\.network)).count == 1 ? "s" : "") from "
      + listed(probes.flatMap { $0.methods.map(\.name) })
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
