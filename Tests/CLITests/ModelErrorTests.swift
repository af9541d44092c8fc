import Foundation
import Testing
import TestSupport

/// What is wrong with arguments and files: one line, a code that is not 0, and no file.
struct ModelErrorTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  struct BadCommand: CustomTestStringConvertible, Sendable {
    var arguments: String
    var message: String
    var status: Int32 = 64
    var testDescription: String { arguments }
  }

  @Test(
    "arguments that make no sense",
    arguments: [
      BadCommand(
        arguments: "init resnet-train --method kaimin", message: "there is no method 'kaimin'; did you mean 'kaiming'?"),
      BadCommand(
        arguments: "plan resnet-train --method ortogonal",
        message: "there is no method 'ortogonal'; did you mean 'orthogonal'?"),
      BadCommand(
        arguments: "plan resnet-train --method idinit-zeros",
        message: "there is no method 'idinit-zeros'; did you mean 'idinit-zero'?"),
      BadCommand(
        arguments: "plan resnet-train --method idinit-zero --epsilon 1e-3",
        message: "--epsilon does nothing for the method idinit-zero, whose last weights are exactly 0"),
      BadCommand(
        arguments: "plan resnet-train --method idinit-window-first --column-order window-first",
        message: "--column-order does nothing for the method idinit-window-first, whose name says it"),
      BadCommand(
        arguments: "init resnet-train --set head.weigth=idiz",
        message: "no parameter matches 'head.weigth'; did you mean 'head.weight'?"),
      BadCommand(
        arguments: "plan resnet-train --set head.*", message: "head.*: expected pattern=rule, for example 'head.*=idiz'"
      ),
      BadCommand(
        arguments: "plan resnet-train --set head.weight=idz",
        message:
          "idz: no rule has this name (did you mean 'idi'?); the rules are idi, idic, idiz, idizc, centre-tap, xavier-uniform, xavier-normal, kaiming-uniform, kaiming-normal, torch-default, orthogonal, hadamard, partial-identity, truncated-normal, normal, uniform, constant, zero"
      ),
      BadCommand(
        arguments: "plan resnet-train --set *=zero --keep *",
        message:
          "'*=zero' does nothing: '*', which comes later, sets every parameter that it matches; the last one counts, so put "
          + "the general one first, or leave '*=zero' out"),
      BadCommand(
        arguments: "plan resnet-train --method xavier --epsilon 1",
        message: "--epsilon does nothing for the method xavier; it is a number of idinit's"),
      BadCommand(
        arguments: "plan resnet-train --looseness -1",
        message: "stem.weight: idi: --looseness is -1.0; expected a finite number of at least 0"),
      BadCommand(
        arguments: "init gpt --embedding-std 0.02",
        message: "--embedding-std does nothing here: the model has no embedding without values"),
      BadCommand(
        arguments: "plan meta --embedding-std nan",
        message: "--embedding-std is nan; expected a finite number of at least 0"),
      BadCommand(
        arguments: "init meta --without-kept --embedding-std 1",
        message: "--embedding-std does nothing with --without-kept: embeddings are not written then"),
      BadCommand(arguments: "init gpt --threads 0", message: "--threads is 0; expected at least 1"),
      BadCommand(
        arguments: "init gpt -o out.pt",
        message: "out.pt: safetensors is what is written, so the name must end in .safetensors: -o out.safetensors"),
      BadCommand(
        arguments: "init gpt -o no/such/out.safetensors",
        message: "no/such/out.safetensors: cannot create: No such file or directory", status: 73),
      BadCommand(
        arguments: "init gpt -o .safetensors",
        message:
          ".safetensors: safetensors is what is written, so the name must end in .safetensors: -o gpt.safetensors"
      ),
    ])
  func badArguments(_ command: BadCommand) throws {
    var words = command.arguments.split(separator: " ").map(String.init)
    words[1] = model(words[1])
    let result = try run(idinitBinary, words, in: folder.url)
    #expect(result.standardError == "Error: \(command.message)\n")
    #expect(result.standardOutput == "")
    #expect(result.status == command.status)
    #expect(try folder.contents == [])
  }

  @Test(
    "what the parser refuses is refused with its hint",
    arguments: [
      ("plan", "Missing expected argument '<MODEL.pt2>'"), ("init gpt.pt2 --shard-size 5GX", "'5GX' is invalid"),
      ("init gpt.pt2 --shard-size 0", "'0' is invalid"), ("init gpt.pt2 --dtype int8", "bfloat16"),
      ("verify a.safetensors", "--plan"), ("diff a.safetensors", "Missing expected argument '<B>'"),
    ])
  func refused(_ arguments: String, _ part: String) throws {
    let result = try run(idinitBinary, arguments.split(separator: " ").map(String.init), in: folder.url)
    #expect(result.status == 64)
    #expect(result.standardError.hasPrefix("Error: ") && result.standardError.contains(part), "\(result.standardError)")
  }

  /// Expects one line that names the file, and nothing written.
  private func fails(_ path: String, _ status: Int32, containing part: String) throws {
    for command in [["plan", path], ["init", path, "-o", folder.path("out.safetensors")], ["plan", path, "--json"]] {
      let result = try run(idinitBinary, command)
      #expect(result.status == status)
      #expect(result.standardError.hasPrefix("Error: \(path): "), "\(result.standardError)")
      #expect(result.standardError.contains(part), "\(result.standardError)")
      #expect(result.standardError.filter { $0 == "\n" }.count == 1 && result.standardError.hasSuffix("\n"))
      #expect(result.standardOutput == "")
      #expect(try !folder.contents.contains { $0.hasSuffix(".safetensors") || $0.hasPrefix(".idinit") })
    }
  }

  @Test("files that are no model")
  func badFiles() throws {
    try fails(folder.path("missing.pt2"), 66, containing: "cannot open: No such file or directory")
    try fails(folder.url.path, 66, containing: "folder")
    try fails(try folder.write([], to: "empty.pt2"), 65, containing: "empty")
    try fails(try folder.write(Array("hello, world".utf8), to: "text.pt2"), 65, containing: "text file")
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: model("resnet-train"))))
    for length in [100, whole.count / 2, whole.count - 1] {
      try fails(try folder.write(Array(whole[..<length]), to: "cut.pt2"), 65, containing: "the file was cut off")
    }
    let pickled = try run(idinitBinary, ["init", model("pickled"), "-o", folder.path("out.safetensors")])
    #expect(pickled.status == 65)
    #expect(pickled.standardError.contains("'0.weight' is kept, but its values cannot be read: "))
    #expect(pickled.standardError.hasSuffix("(--without-kept)\n"))
  }

  @Test("a flipped bit in what is read is found, or changes nothing but a value")
  func flippedBits() throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: model("in-place"))))
    for position in stride(from: 3, to: whole.count, by: 331) {
      var bytes = whole
      bytes[position] ^= 0x10
      let path = try folder.write(bytes, to: "flipped.pt2")
      let result = try run(idinitBinary, ["init", path, "-o", folder.path("out.safetensors")])
      #expect(result.signal == nil, "byte \(position)")
      #expect([0, 65].contains(result.status), "byte \(position): \(result.standardError)")
      if result.status != 0 {
        #expect(result.standardError.filter { $0 == "\n" }.count == 1)
        #expect(try folder.contents == ["flipped.pt2"])
      }
      try? FileManager.default.removeItem(atPath: folder.path("out.safetensors"))
    }
  }

  @Test("the model is not overwritten, whatever its name")
  func outputIsInput() throws {
    let copy = folder.path("model.safetensors")
    try FileManager.default.copyItem(atPath: model("gpt"), toPath: copy)
    let before = try Data(contentsOf: URL(fileURLWithPath: copy))
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.safetensors"), withDestinationPath: copy)
    for output in ["model.safetensors", "link.safetensors"] {
      let result = try run(idinitBinary, ["init", copy, "-o", output], in: folder.url)
      #expect(result.status == 64)
      #expect(result.standardError == "Error: \(output) is the model itself; give another name with -o\n")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == before)
  }
}
