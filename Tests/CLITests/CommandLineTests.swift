import Foundation
import Testing
import TestSupport

struct BadCommand: CustomTestStringConvertible, Sendable {
  var arguments: String
  var message: String
  var status: Int32 = 64
  var testDescription: String { arguments }
}

private let badCommands: [BadCommand] = [
  .init(arguments: "shwo idi 6x4", message: "there is no command 'shwo'; did you mean 'show'?"),
  .init(arguments: "train", message: "there is no command 'train'; there are plan, init, diff, verify, show, help"),
  .init(arguments: "help shwo", message: "there is no command 'shwo'; did you mean 'show'?"),
  .init(arguments: "help show plan", message: "help takes one command: idinit help show"),
  .init(arguments: "show idii 6x4", message: "there is no rule 'idii'; did you mean 'idi'?"),
  .init(
    arguments: "show kaimng-normal 6x4", message: "there is no rule 'kaimng-normal'; did you mean 'kaiming-normal'?"),
  .init(arguments: "show idi 6x", message: "shape '6x': expected sizes with x between them, as in 6x4 or 8x2x3x3"),
  .init(arguments: "show idi six", message: "shape 'six': expected sizes with x between them, as in 6x4 or 8x2x3x3"),
  .init(arguments: "show idi 0x4", message: "shape '0x4': an axis of size 0 holds no values; sizes start at 1"),
  .init(arguments: "show idi 6x-4", message: "shape '6x-4': the size -4 is negative; sizes start at 1"),
  .init(
    arguments: "show idi 9223372036854775808x2",
    message: "shape '9223372036854775808x2': the size 9223372036854775808 is too large"),
  .init(
    arguments: "show idi 4294967296x4294967296", message: "shape '4294967296x4294967296' has more than 2^40 values"),
  .init(arguments: "show idi 1048577x1048577", message: "shape '1048577x1048577' has more than 2^40 values"),
  .init(
    arguments: "show idic 1x2x3x4x5x6",
    message:
      "shape '1x2x3x4x5x6' has 6 axes; a layer's weight has at most 5 (outputs x inputs x depth x height x width)"),
  .init(arguments: "show idi 8x2x3x3", message: "idi fills a matrix, and 8x2x3x3 has 4 axes; a kernel takes idic"),
  .init(arguments: "show idiz 8x2x3", message: "idiz fills a matrix, and 8x2x3 has 3 axes; a kernel takes idizc"),
  .init(
    arguments: "show idic 6x4",
    message: "idic fills a kernel (outputs x inputs x window: 3 to 5 axes), and 6x4 has 2; a matrix takes idi"),
  .init(
    arguments: "show idi 5", message: "idi: the shape [5] has no input axis; expected a weight with outputs and inputs"),
  .init(
    arguments: "show idi 6x4 --epsilon 1",
    message: "--epsilon does nothing for idi; its options are --gain, --looseness, --column-order"),
  .init(
    arguments: "show idiz 6x4 --looseness 1",
    message: "--looseness does nothing for idiz; its options are --epsilon, --column-order"),
  .init(arguments: "show zero 3 --value 3", message: "--value does nothing for zero; it has no options"),
  .init(
    arguments: "show idi 6x4 --column-order window-first",
    message: "--column-order does nothing for 6x4, which has no window"),
  .init(
    arguments: "show idic 6x1x3x3 --column-order window-first",
    message: "--column-order does nothing for 6x1x3x3, which has one input channel"),
  .init(
    arguments: "show idic 6x2x1x1 --column-order window-first",
    message: "--column-order does nothing for 6x2x1x1, which has a window of one"),
  .init(
    arguments: "show idiz 6x4 --seed 3",
    message: "--seed does nothing here: idiz with these numbers draws nothing at random"),
  .init(
    arguments: "show idi 6x4 --looseness 0 --seed 3",
    message: "--seed does nothing here: idi with these numbers draws nothing at random"),
  .init(arguments: "show idi 6x4 --gain nan", message: "idi: gain is nan; expected a finite number"),
  .init(arguments: "show idi 6x4 --loose 0", message: "--loose is called --looseness now: --looseness 0, say"),
  .init(arguments: "plan gpt.pt2 --loose=0", message: "--loose is called --looseness now: --looseness 0, say"),
  .init(
    arguments: "show idi 6x4 --looseness -1",
    message: "idi: --looseness is -1.0; expected a finite number of at least 0"),
  .init(
    arguments: "show orthogonal 1000000x1000000",
    message:
      "orthogonal: a matrix of 1000000 × 1000000 is made in memory as a whole; expected at most 17179869184 values"
  ),
  .init(arguments: "show constant 3", message: "constant needs a number: --value 0.5"),
  .init(
    arguments: "show idi 2x2 --gain 1e6 --dtype fp16",
    message: "the value at [0][0] is beyond what float16 holds (at most 65504)", status: 65),
  .init(
    arguments: "show idi 2x2 -o no/such/folder/w",
    message: "no/such/folder/w: cannot create: No such file or directory", status: 73),
  .init(arguments: "show idi 2x2 -o .", message: ".: cannot create: it is a folder", status: 73),
  .init(
    arguments: "show idi 2x2 -o /dev/null", message: "/dev/null: cannot create: it exists and is not a regular file",
    status: 73),
]

struct CommandLineTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a command that makes no sense gets one line and its code", arguments: badCommands)
  func badCommand(_ command: BadCommand) throws {
    let result = try run(idinitBinary, command.arguments.split(separator: " ").map(String.init), in: folder.url)
    #expect(result.standardError == "Error: \(command.message)\n")
    #expect(result.standardOutput == "")
    #expect(result.status == command.status)
    #expect(try folder.contents == [])
  }

  @Test(
    "numbers at the ends of the range are shown",
    arguments: [
      ("truncated-normal 3x4 --low 2 --high inf", "inf"), ("constant 4x4 --value 1e308 --dtype float64", "1e308"),
      ("normal 4x4 --std 1e200 --dtype float64", "e20"),
      ("constant 2x2 --value 5e-324 --dtype float64", "4.941e-324"),
    ])
  func extremeNumbers(_ arguments: String, _ part: String) throws {
    let result = try run(idinitBinary, ["show"] + arguments.split(separator: " ").map(String.init))
    #expect(result.standardError == "")
    #expect(result.status == 0)
    #expect(result.standardOutput.contains(part), "\(result.standardOutput)")
  }

  @Test(
    "what the parser refuses is refused with its hint",
    arguments: [
      ("show", "Missing expected argument '<RULE>'"),
      ("show idi 6x4 --gian 2", "Unknown option '--gian'; did you mean '--gain'?"),
      ("show idi 6x4 --foo", "Unknown option '--foo'; there are --gain, --looseness, --epsilon, "),
      ("show idi 6x4 --dtype int8", "'float32', 'float64', 'float16' or 'bfloat16'"),
      ("show idi 6x4 --gain two", "'two' is invalid"), ("show idi 6x4 --seed -1", "--seed"),
      ("show idic 6x4x3x3 --column-order kkc", "'channel-first' and 'window-first'"),
    ])
  func refused(_ arguments: String, _ part: String) throws {
    let result = try run(idinitBinary, arguments.split(separator: " ").map(String.init))
    #expect(result.status == 64)
    #expect(result.standardError.hasPrefix("Error: ") && result.standardError.contains(part), "\(result.standardError)")
    #expect(result.standardOutput == "")
  }

  @Test("help names the commands there are, and only those")
  func help() throws {
    let result = try idinit("--help")
    #expect(result.status == 0)
    let commands = try #require(result.standardOutput.components(separatedBy: "SUBCOMMANDS:\n").last)
    let names = commands.split(separator: "\n").prefix { $0.hasPrefix("  ") }.compactMap { line in
      line.hasPrefix("   ") || line.contains("See 'idinit") ? nil : line.split(separator: " ").first
    }
    #expect(names == ["plan", "init", "diff", "verify", "show"])
    let version = try idinit("--version")
    #expect(version.status == 0)
    #expect(version.standardOutput.contains(/^\d+\.\d+\.\d+\n$/))
  }

  @Test("a reader that goes away ends the command quietly")
  func closedPipe() throws {
    let command = "'\(idinitBinary.path)' show normal 1000x1000 --json"
    for script in ["\(command) | head -c 10", "trap '' PIPE; { \(command); echo status $? >&2; } | head -c 10"] {
      let result = try run(URL(fileURLWithPath: "/bin/sh"), ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
      #expect(result.standardOutput == #"{"rule":"n"#)
      #expect(result.standardError == (script.hasPrefix("trap") ? "status 0\n" : ""))
    }
  }

  @Test(
    "a full disk behind standard output is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullOutput() throws {
    let result = try run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "'\(idinitBinary.path)' show idi 6x4 > /dev/full; echo $?"])
    #expect(result.standardOutput == "74\n")
    #expect(result.standardError == "Error: standard output: cannot write: No space left on device\n")
  }

  @Test("a file that does not fit leaves the old one and nothing else")
  func fullDisk() throws {
    let old = try folder.write([1, 2, 3], to: "w.safetensors")
    // The shell's file size limit stands for a full disk: 8 blocks, and 40,000 bytes to be written.
    let script = "trap '' XFSZ; ulimit -f 8; '\(idinitBinary.path)' show normal 100x100 -o '\(old)'; echo $?"
    let result = try run(URL(fileURLWithPath: "/bin/sh"), ["-c", script])
    #expect(result.standardOutput == "74\n")
    #expect(result.standardError == "Error: \(old): cannot write: File too large\n")
    #expect(try folder.contents == ["w.safetensors"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: old)) == Data([1, 2, 3]))
  }

  @Test("a killed command leaves no file under the name that was asked for")
  func killed() throws {
    let process = Process()
    process.executableURL = idinitBinary
    process.arguments = ["show", "normal", "1000000x10000", "-o", folder.path("w.safetensors")]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    // 40 GB are not written in a third of a second.
    Thread.sleep(forTimeInterval: 0.3)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    // Where the file system has files without a name, nothing stays at all.
    #expect(try folder.contents.allSatisfy { $0.hasPrefix(".idinit-") && $0.hasSuffix(".tmp") })
  }
}
