import Foundation

/// How a data set that is several files in one folder is found: by any of its files, in the places that they are
/// usually unpacked to.
struct FolderLayout: Sendable {
  /// Below a folder of data sets, in the order in which they are looked in; the empty one is the folder itself.
  let subfolders: [String]
  /// Any of these gives the set away. One is enough: a set of which half is missing is an error that names the missing
  /// files, not a reason to look further.
  let fileNames: [String]

  /// The folder at or below `folder` that has any of the files, if one has.
  func folder(in folder: String) -> String? {
    candidates(in: folder).first { candidate in
      fileNames.contains { FileManager.default.fileExists(atPath: "\(candidate)/\($0)") }
    }
  }

  func candidates(in folder: String) -> [String] { subfolders.map { $0.isEmpty ? folder : "\(folder)/\($0)" } }
}
