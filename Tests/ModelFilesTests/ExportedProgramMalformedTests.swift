import Foundation
import IDInit
import TestSupport
import Testing

@testable import ModelFiles

struct ExportedProgramMalformedTests {
  typealias Problem = ExportedProgramError.Problem
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func open(_ bytes: [UInt8]) throws -> ExportedProgram {
    try ExportedProgram(path: try folder.write(bytes, to: "p.pt2"))
  }

  /// Why the bytes are refused; the error must be one line that begins with the file.
  private func problem(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) throws -> Problem? {
    let error = #expect(throws: ExportedProgramError.self, sourceLocation: location) { try open(bytes) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix(folder.path("p.pt2")) && !text.utf8.contains(0x0A), sourceLocation: location)
    return error?.problem
  }

  /// What is said to be wrong in the program's text.
  private func message(
    _ change: (inout ProgramText) -> Void, _ location: SourceLocation = #_sourceLocation
  ) throws -> String? {
    var text = ProgramText()
    change(&text)
    switch try problem(text.bytes, location) {
    case .json(_, let position, let message)?:
      #expect((0...text.json.utf8.count).contains(position), sourceLocation: location)
      return message
    case .tensor(let name, let message)?: return "\(name): \(message)"
    case let other:
      Issue.record("\(String(describing: other))", sourceLocation: location)
      return nil
    }
  }

  @Test("the program that the others differ from is read")
  func sound() throws {
    let program = try open(ProgramText().bytes)
    #expect(program.graph.nodes.map(\.operation) == ["aten.linear.default"])
    #expect(program.graph.nodes.map(\.module) == ["fc"])
    #expect(program.torchVersion == "2.99.0")
    var bytes = [UInt8](repeating: 0, count: 8)
    try bytes.withUnsafeMutableBytes { try program.read(program.tensors[0], range: 2..<4, into: $0) }
    #expect(bytes == [8, 9, 10, 11, 12, 13, 14, 15])
  }

  // MARK: The graph

  @Test("a value must be there before it is read: no cycle, no node that reads itself, no unknown name")
  func order() throws {
    let behind = "which nothing before it produces (the nodes are out of order, or form a cycle)"
    #expect(
      try message { $0.nodes = [ProgramText.node("aten.relu.default", ["y"], "y")] }
        == "'aten.relu.default' reads 'y', \(behind)")
    let cycle = [
      ProgramText.node("aten.add.Tensor", ["x", "z"], "y"), ProgramText.node("aten.relu.default", ["y"], "z"),
    ]
    #expect(
      try message {
        $0.nodes = cycle
        $0.tensors.append(("z", "[]"))
      } == "'aten.add.Tensor' reads 'z', \(behind)")
    #expect(
      try message { $0.nodes = [ProgramText.node("aten.relu.default", ["nobody"], "y")] }
        == "'aten.relu.default' reads 'nobody', which is nowhere in the graph")
    #expect(try message { $0.output = "p" } == "the signature reads 'p', which is nowhere in the graph")
    #expect(
      try message { $0.nodes = [ProgramText.node("aten.sym.x", argument: #"{"as_sym_int":{"as_name":"s9"}}"#)] }
        == "'aten.sym.x' uses the number 's9', which is nowhere in the graph")
  }

  @Test("a value without type and shape, or made twice, is refused")
  func values() throws {
    #expect(
      try message { $0.tensors.removeLast() } == "no type and shape is given for the value 'y'")
    #expect(try message { $0.tensors.removeFirst() } == "no type and shape is given for the value 'p_w'")
    #expect(
      try message { $0.nodes = [ProgramText.linear, ProgramText.linear] } == "the value 'y' is produced twice")
    #expect(
      try message { $0.nodes = [ProgramText.node("aten.relu.default", ["x"], "x")] }
        == "the value 'x' is produced twice")
    #expect(
      try message { $0.tensors.append(("x", "[]")) } == "the tensor 'x' is described twice")
    #expect(try message { $0.parameters[1] = ("p_b", "fc.weight") }?.contains("'fc.weight'") == true)
    #expect(try message { $0.parameters[1] = ("p_w", "fc.bias") }?.contains("'p_w'") == true)
  }

  @Test(
    "sizes must be numbers that can be",
    arguments: [
      (#"[{"as_int":-1},{"as_int":2}]"#, "a size of -1"), (#"[{"as_float":1.5}]"#, "a size that is no integer"),
      (#"[{"as_int":9223372036854775808}]"#, "a number above 2^63 - 1"),
      (#"[{}]"#, "an object of 0 keys where one should be"),
      (#"[{"as_int":1,"as_bool":true}]"#, "an object of 2 keys where one should be"),
      ("[3]", "'3' where an object should be"),
      (#"{"as_int":1}"#, "'{' where an array should be"),
    ])
  func sizes(_ sizes: String, _ expected: String) throws {
    #expect(try message { $0.tensors[0].sizes = sizes } == expected)
  }

  @Test("a size that depends on data counts as 1")
  func unknownSize() throws {
    var text = ProgramText()
    text.tensors[3].sizes =
      #"[{"as_expr":{"expr_str":"u0","hint":null}},{"as_expr":{"expr_str":"s0","hint":{"as_int":3}}}]"#
    #expect(try open(text.bytes).graph.values.last?.shape == [1, 3])
  }

  @Test("every kind of argument is read, and unknown ones are kept as text")
  func arguments() throws {
    typealias Argument = NetworkGraph.Argument
    let id = NetworkGraph.ValueID(index: 2)  // x
    let cases: [(String, Argument)] = [
      (#"{"as_none":true}"#, .none), (#"{"as_none":[]}"#, .none),
      (#"{"as_tensor":{"name":"x"}}"#, .value(id)),
      (#"{"as_tensors":[{"name":"x"},{"name":"x"}]}"#, .values([id, id])),
      (#"{"as_tensors":[]}"#, .values([])),
      (#"{"as_optional_tensors":[{"as_none":true},{"as_tensor":{"name":"x"}}]}"#, .values([id])),
      (#"{"as_optional_tensor":{"as_tensor":{"name":"x"}}}"#, .value(id)),
      (#"{"as_optional_tensor":{"as_none":true}}"#, .none),
      (#"{"as_nested_tensors":[[{"name":"x"}],[],[{"name":"x"}]]}"#, .values([id, id])),
      (#"{"as_int":-3}"#, .integer(-3)), (#"{"as_int":18446744073709551615}"#, .real(0x1p64)),
      (#"{"as_ints":[1,-2]}"#, .integers([1, -2])), (#"{"as_float":1e-5}"#, .real(1e-5)),
      (#"{"as_float":"-Infinity"}"#, .real(-.infinity)), (#"{"as_bool":false}"#, .boolean(false)),
      (#"{"as_string":"t\u0061nh"}"#, .string("tanh")), (#"{"as_scalar_type":13}"#, .string("bfloat16")),
      (#"{"as_sym_int":{"as_name":"s0"}}"#, .integer(4)), (#"{"as_sym_int":{"as_int":7}}"#, .integer(7)),
      (#"{"as_sym_ints":[{"as_int":7},{"as_name":"s0"}]}"#, .integers([7, 4])),
      (#"{"as_sym_float":{"as_float":0.5}}"#, .real(0.5)), (#"{"as_sym_bool":{"as_bool":true}}"#, .boolean(true)),
      (#"{"as_new_in_2031":{"x":[1, 2]}}"#, .string(#"{"x":[1, 2]}"#)), (#"{"as_floats":[1.0]}"#, .string("[1.0]")),
      (#"{"as_custom_obj":{"name":"o","class_fqn":"C"}}"#, .string(#"{"name":"o","class_fqn":"C"}"#)),
    ]
    for (argument, expected) in cases {
      var text = ProgramText()
      text.nodes = [ProgramText.node("mine.op.default", argument: argument)]
      #expect(try open(text.bytes).graph.nodes.first?.arguments == [expected], "\(argument)")
    }
  }

  @Test("an argument that is no argument is refused")
  func badArguments() throws {
    for argument in [
      "{}", "[]", "null", #"{"as_int":"3"}"#, #"{"as_int":1.5}"#, #"{"as_int":1e3}"#, #"{"as_tensor":{}}"#,
      #"{"as_tensor":"x"}"#,
      #"{"as_bool":1}"#, #"{"as_ints":[9223372036854775808]}"#, #"{"as_sym_ints":[{"as_float":1.5}]}"#,
      #"{"as_float":"one"}"#, #"{"as_scalar_type":"x"}"#, #"{"as_graph":{"name":"g","graph":3}}"#,
    ] {
      let found = try message { $0.nodes = [ProgramText.node("mine.op.default", argument: argument)] }
      #expect(found?.isEmpty == false, "\(argument)")
    }
  }

  @Test("nodes without tensors vanish; fields that are new are read over; a node needs a target")
  func oddNodes() throws {
    var text = ProgramText()
    text.nodes = [
      #"{"target":"_operator.mul","inputs":[],"outputs":[{"as_sym_int":{"as_name":"s1"}}],"metadata":{},"new":[{}]}"#,
      #"{"outputs":[{"as_none":true}],"target":"torch.ops.aten._assert.msg","inputs":[]}"#, ProgramText.linear,
    ]
    #expect(try open(text.bytes).graph.nodes.count == 1)
    #expect(
      try message { $0.nodes = [#"{"inputs":[],"outputs":[{"as_tensor":{"name":"y"}}]}"#] } == "a node without a target"
    )
  }

  @Test("keys that stand twice, deep nesting and text after the end are refused")
  func text() throws {
    #expect(
      try message { $0.nodes = [#"{"target":"a.b","target":"a.c"}"#] } == "the key 'target' stands twice")
    #expect(try message { $0.version = #"{"major":8,"major":9}"# } == "the key 'major' stands twice")
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(try message { $0.symbols = #""new":\#(deep)"# } == "more than 64 levels of nesting")
    #expect(try message { $0.version += ",\"x\":1}" }?.contains("where nothing more should be") == true)
    #expect(try message { $0.version = "nul" }?.isEmpty == false)
  }

  @Test("an unknown version of the schema is named, with what wrote it and what is understood")
  func schema() throws {
    var text = ProgramText()
    text.version = #"{"major":9,"minor":1}"#
    #expect(try problem(text.bytes) == .schemaVersion(major: 9, minor: 1, torch: "2.99.0"))
    let error = #expect(throws: ExportedProgramError.self) { try open(text.bytes) }
    #expect(
      error?.description.contains("schema version 9.1, written by PyTorch 2.99.0; this program reads version 8") == true
    )
    text.version = #"{"major":8,"minor":999,"patch":[1]}"#
    #expect(throws: Never.self) { try open(text.bytes) }
  }

  @Test("an output that is an input, a parameter, or the same as another output")
  func plainOutputs() throws {
    for name in ["x", "p_w"] {
      var text = ProgramText()
      text.output = name
      let graph = try open(text.bytes).graph
      #expect(graph.outputs.map(graph.name) == [name])
    }
    var text = ProgramText()
    text.nodes = []
    text.output = "x"
    #expect(try open(text.bytes).graph.nodes.isEmpty)
  }

  // MARK: The weights

  @Test("what the weights' configuration says must fit the graph and the member")
  func weights() throws {
    #expect(
      try message { $0.weights[0].sizes = #"[{"as_int":2},{"as_int":3}]"# }
        == "fc.weight: the weights' configuration has it as float32 of shape [2, 3], the graph as float32 of [3, 2]")
    #expect(
      try message { $0.weights[0].dtype = 6 }
        == "fc.weight: the weights' configuration has it as float16 of shape [3, 2], the graph as float32 of [3, 2]")
    #expect(
      try message { $0.weights.removeLast() }
        == "fc.bias: the weights' configuration does not list it; export the model again")
    #expect(try message { $0.weights[0].strides = "[]" } == "fc.weight: 0 strides for the shape [3, 2]")
    for (strides, offset) in [
      (#"[{"as_int":3},{"as_int":1}]"#, 0), (#"[{"as_int":2},{"as_int":1}]"#, 1), (#"[{"as_int":1},{"as_int":4}]"#, 0),
      (#"[{"as_int":2},{"as_int":1}]"#, Int.max), (#"[{"as_int":\#(Int.max)},{"as_int":1}]"#, 0),
      (#"[{"as_int":\#(Int.max / 2 + 1)},{"as_int":1}]"#, 0), (#"[{"as_int":\#(Int.max / 2)},{"as_int":1}]"#, 2),
    ] {
      let found = try message {
        $0.weights[0].strides = strides
        $0.weights[0].offset = #"{"as_int":\#(offset)}"#
      }
      #expect(found?.hasSuffix("does not fit into the 24 bytes of 'm/data/weights/weight_0'") == true)
    }
    for change in [#"[{"as_int":-2},{"as_int":1}]"#, #"[{"as_int":0}]"#.replacingOccurrences(of: "0", with: "-1")] {
      #expect(try message { $0.weights[0].strides = change }?.hasPrefix("a stride of -") == true)
    }
    #expect(try message { $0.weights[0].offset = #"{"as_int":-1}"# } == "a storage offset of -1")
    #expect(
      try message { $0.weights.append($0.weights[0]) } == "the tensor 'fc.weight' is listed twice")
    #expect(try message { $0.dtype = 99 } == "fc.weight: its element type is unknown")
    let huge = #"[{"as_int":\#(Int.max)},{"as_int":2}]"#
    #expect(
      try message {
        $0.tensors[0].sizes = huge
        $0.weights[0].sizes = huge
      } == "fc.weight: float32 of shape [9223372036854775807, 2] is more than can be counted")
  }

  @Test("a storage that is missing, pickled, sparse or empty")
  func storages() throws {
    var text = ProgramText()
    text.weights[0].member = "weight_9"
    #expect(try problem(text.bytes) == .missingMember("m/data/weights/weight_9"))

    text = ProgramText()
    text.weights[0].isPickled = true
    text.weights[1].layout = 1
    let program = try open(text.bytes)
    #expect(
      program.tensors.map(\.storage) == [
        .unreadable(reason: "it is of a tensor subclass, which PyTorch pickles, and pickles are never opened"),
        .unreadable(reason: "it is sparse"),
      ])
    let error = #expect(throws: ExportedProgramError.self) {
      try program.read(program.tensors[1], range: 0..<0, into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
    #expect(error?.problem == .noValues(tensor: "fc.bias", reason: "it is sparse"))

    // Meta models: all tensors share one member without bytes.
    text = ProgramText()
    text.weights[1].member = "weight_0"
    var members = text.members
    members[0] = .init("m/data/weights/weight_0", "")
    let meta = try open(ZipBuilder(members).bytes)
    #expect(meta.tensors.map(\.storage) == [.none, .none])
    #expect(meta.graph.ties.isEmpty)
  }

  @Test("a weight whose member is compressed is found when it is read")
  func compressedWeight() throws {
    var members = ProgramText().members
    members[0].method = 8
    let program = try open(ZipBuilder(members).bytes)
    var buffer = [UInt8](repeating: 0, count: 24)
    let error = #expect(throws: ExportedProgramError.self) {
      try buffer.withUnsafeMutableBytes { try program.read(program.tensors[0], range: 0..<6, into: $0) }
    }
    #expect(error?.problem == .archive(.compressed("m/data/weights/weight_0", method: 8)))
  }

  // MARK: The archive

  @Test("the archive's own words: format, version, byte order, which model")
  func archive() throws {
    let members = ProgramText().members
    func changed(_ name: String, to text: String?, adding more: [ZipBuilder.Member] = []) throws -> Problem? {
      var changed = members.filter { $0.name != Array(name.utf8) } + more
      if let text { changed.append(.init(name, text)) }
      return try problem(ZipBuilder(changed).bytes)
    }
    #expect(try changed("m/archive_version", to: "1") == .archiveVersion("1"))
    #expect(try changed("m/archive_version", to: nil) == .missingMember("m/archive_version"))
    #expect(try changed("m/byteorder", to: "big") == .byteOrder("big"))
    #expect(try changed("m/archive_format", to: "pt3") == .otherFile(.zip))
    #expect(try changed("m/archive_format", to: nil) == .otherFile(.zip))
    #expect(try changed("m/models/model.json", to: nil) == .otherFile(.zip))
    #expect(
      try changed(
        "m/models/model.json", to: nil, adding: [.init("m/models/a.json", "{}"), .init("m/models/b.json", "{}")])
        == .severalModels(["a", "b"]))
    // One of another name is the model; of several, the one called model.
    var renamed = ProgramText().members
    renamed[3].name = Array("m/models/other.json".utf8)
    renamed[2].name = Array("m/data/weights/other_weights_config.json".utf8)
    #expect(throws: Never.self) { try open(ZipBuilder(renamed).bytes) }
    #expect(throws: Never.self) { try open(ZipBuilder(members + [.init("m/models/a.json", "{}")]).bytes) }
    // The byte order is an addition of later versions.
    #expect(throws: Never.self) { try open(ZipBuilder(members.filter { $0.name != Array("m/byteorder".utf8) }).bytes) }
  }

  @Test("archives of PyTorch 2.8 and before can be planned, their pickled weights not read")
  func legacy() throws {
    var members = ProgramText().members
    members[2] = .init("m/data/weights/model.pt", "pickle")
    members.append(.init("m/data/constants/model.pt", "pickle"))
    let program = try open(ZipBuilder(members).bytes)
    #expect(program.graph == (try open(ProgramText().bytes)).graph)
    for tensor in program.tensors {
      guard case .unreadable(let reason) = tensor.storage else {
        Issue.record("\(tensor)")
        continue
      }
      #expect(reason.contains("2.8"))
    }
    let flat = ZipBuilder([
      .init("version", "8.2"), .init("serialized_exported_program.json", ProgramText().json),
      .init("serialized_state_dict.pt", "pickle"), .init("serialized_constants.pt", "pickle"),
    ])
    let old = try open(flat.bytes)
    #expect(old.graph == program.graph)
    #expect(old.tensors.map(\.name) == ["fc.weight", "fc.bias"])
    #expect(old.tensors.allSatisfy { if case .unreadable = $0.storage { true } else { false } })
  }

  @Test(
    "another file is called what it is, with how to make a program",
    arguments: [
      ([], OtherFile.empty), (Array("\u{89}HDF\r\n\u{1A}\n".unicodeScalars.map { UInt8($0.value) }) + [0], .hdf5),
      ([0x80, 0x02, 0x8A], .pickle), (Array("GGUF".utf8) + [3, 0, 0, 0], .gguf), ([0x93] + Array("NUMPY".utf8), .numpy),
      ([16, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{}}        ".utf8), .safetensors),
      ([8, 10, 18, 7] + Array("pytorch".utf8), .onnx), ([24, 0, 0, 0] + Array("ET12".utf8), .executorch),
      (Array("import torch\n".utf8), .text), (Array("{\"a\": 1}\n".utf8), .text),
      ([1, 2, 3, 4, 0, 9, 9, 9, 9], .unknown),
    ] as [([UInt8], OtherFile)])
  func otherFiles(_ bytes: [UInt8], _ kind: OtherFile) throws {
    #expect(try problem(bytes) == .otherFile(kind))
    let text = kind.text
    #expect(text.contains("torch.export.save(torch.export.export(model, example_args), \"model.pt2\")"))
  }

  @Test("other zip archives are told apart by their members")
  func otherArchives() throws {
    for (names, kind) in [
      (["model/data.pkl", "model/version", "model/data/0"], OtherFile.checkpoint),
      (["m/data.pkl", "m/constants.pkl", "m/code/x.py"], .torchScript),
      (["m/archive_format", "m/data/aotinductor/model/x.so"], .compiled), (["a.npy"], .numpy),
      (["config.json", "model.weights.h5"], .keras), (["readme"], .zip), ([], .zip),
    ] {
      let members = names.map { ZipBuilder.Member($0, $0.hasSuffix("archive_format") ? "pt2" : "x") }
      var expected = kind
      if kind == .compiled {
        // It has the marks of a program's archive, but no program.
        let more = [ZipBuilder.Member("m/archive_version", "0")]
        #expect(try problem(ZipBuilder(members + more).bytes) == .otherFile(.compiled))
        continue
      }
      if names.isEmpty { expected = .zip }
      #expect(try problem(ZipBuilder(members).bytes) == .otherFile(expected))
    }
    let error = #expect(throws: ExportedProgramError.self) { try ExportedProgram(path: folder.url.path) }
    #expect(error?.problem == .otherFile(.folder))
    let absent = #expect(throws: ExportedProgramError.self) { try ExportedProgram(path: folder.path("absent")) }
    #expect(absent?.description == "\(folder.path("absent")): cannot open: No such file or directory")
  }
}
