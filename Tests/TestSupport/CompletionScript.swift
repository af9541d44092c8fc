import Foundation

/// The shells that a completion script can be made for, where they are installed.
public enum CompletionShell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  public var path: String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  public var isInstalled: Bool { path != nil }
}

/// A tool's completion script for a shell.
public struct CompletionScript {
  public let shell: CompletionShell
  public let tool: String
  public let text: String
  private let folder: TemporaryFolder
  /// Where the tool is: scripts ask it for what depends on the line.
  private let place: URL

  public init(_ binary: URL, _ shell: CompletionShell) throws {
    self.shell = shell
    tool = binary.lastPathComponent
    place = binary.deletingLastPathComponent()
    text = try run(binary, ["--generate-completion-script", shell.rawValue]).standardOutput
    folder = try TemporaryFolder()
    _ = try folder.write(Array(text.utf8), to: "script")
  }

  /// What the shell says of its syntax; the shell must be installed.
  public func checkSyntax() throws -> ProgramResult {
    try run(URL(fileURLWithPath: shell.path ?? "/nowhere"), ["-n", folder.path("script")])
  }

  /// What bash offers when the last of `words` is being typed.
  public func offers(_ words: String...) throws -> [String] {
    let all = [tool] + words
    let quoted = all.map { "'\($0)'" }.joined(separator: " ")
    let line = all.joined(separator: " ")
    let script = """
      source '\(folder.path("script"))'
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(all.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.utf8.count)
      COMP_TYPE=9
      "$(complete -p \(tool) | sed 's/.*-F \\([^ ]*\\) .*/\\1/')" '\(tool)' '\(all[all.count - 1])' '\(all[all.count - 2])'
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try run(
      URL(fileURLWithPath: CompletionShell.bash.path ?? "/bin/bash"), ["-c", script],
      environment: ["PATH": "\(place.path):/usr/bin:/bin"])
    return result.standardOutput.split(separator: "\n").map(String.init) + [result.standardError].filter { !$0.isEmpty }
  }
}
