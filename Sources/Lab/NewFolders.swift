import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folders that a command makes for its runs: what was not there before and holds nothing of a run goes again
/// where the command fails.
struct NewFolders {
  /// The records' folders.
  private var records: [URL] = []
  /// The folders above them, the nearest first.
  private var above: [URL] = []

  /// What a run has written before its first step.
  private static let before = [
    RunRecord.recipeFile, EnvironmentRecord.file, PlanSummary.file, EventFile.name, ".lock",
  ]

  /// To be called before the folder is made; one that is there already is not ours.
  mutating func willMake(_ record: URL) {
    guard !Self.exists(record) else { return }
    records.append(record)
    var parent = record.deletingLastPathComponent()
    while !Self.exists(parent), !above.contains(parent), parent.path != "/" {
      above.append(parent)
      parent = parent.deletingLastPathComponent()
    }
  }

  /// Removes those of them in which no run has begun. What cannot be removed stays: why the command failed matters more.
  func removeUnused() {
    for folder in records where Self.holdsNoRun(folder) { try? FileManager.default.removeItem(at: folder) }
    // Only what is empty can be removed so.
    for folder in above { rmdir(folder.path) }
  }

  /// Whether there is nothing but what stands there before a run's first step.
  private static func holdsNoRun(_ folder: URL) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return false }
    return names.allSatisfy(before.contains)
  }

  private static func exists(_ folder: URL) -> Bool { FileManager.default.fileExists(atPath: folder.path) }
}
