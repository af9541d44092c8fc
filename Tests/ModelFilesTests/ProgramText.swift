@testable import ModelFiles

/// Builds the text of a small program and the archive around it, right unless something is changed: `fc`, a linear
/// layer of 2 to 3, and what `nodes` says.
struct ProgramText {
  var version = #"{"major":8,"minor":20}"#
  var nodes = [ProgramText.linear]
  var tensors: [(name: String, sizes: String)] = [
    ("p_w", #"[{"as_int":3},{"as_int":2}]"#), ("p_b", #"[{"as_int":3}]"#), ("x", #"[{"as_int":1},{"as_int":2}]"#),
    ("y", #"[{"as_int":1},{"as_int":3}]"#),
  ]
  var symbols = #""sym_int_values":{"s0":{"as_expr":{"expr_str":"s0","hint":{"as_int":4}}}}"#
  var parameters: [(value: String, path: String)] = [("p_w", "fc.weight"), ("p_b", "fc.bias")]
  var inputs = [#"{"user_input":{"arg":{"as_tensor":{"name":"x"}}}}"#]
  var output = "y"
  var dtype = 7

  static let linear = node("aten.linear.default", ["x", "p_w", "p_b"], "y")

  static func node(_ operation: String, _ inputs: [String], _ output: String) -> String {
    let arguments = inputs.map { #"{"name":"","arg":{"as_tensor":{"name":"\#($0)"}},"kind":1}"# }
    return #"{"target":"torch.ops.\#(operation)","inputs":[\#(arguments.joined(separator: ","))],"#
      + #""outputs":[{"as_tensor":{"name":"\#(output)"}}],"metadata":{"nn_module_stack":"L__self__,,M;k,fc,Linear"}}"#
  }

  static func node(_ operation: String, argument: String, _ output: String = "y") -> String {
    #"{"target":"torch.ops.\#(operation)","inputs":[{"name":"a","arg":\#(argument),"kind":1}],"#
      + #""outputs":[{"as_tensor":{"name":"\#(output)"}}],"metadata":{}}"#
  }

  var json: String {
    let values = tensors.map { #""\#($0.name)":{"dtype":\#(dtype),"sizes":\#($0.sizes),"requires_grad":true}"# }
    let specifications =
      parameters.map { #"{"parameter":{"arg":{"name":"\#($0.value)"},"parameter_name":"\#($0.path)"}}"# } + inputs
    return #"{"graph_module":{"graph":{"inputs":[],"outputs":[{"as_tensor":{"name":"\#(output)"}}],"#
      + #""nodes":[\#(nodes.joined(separator: ","))],"tensor_values":{\#(values.joined(separator: ","))},\#(symbols)},"#
      + #""signature":{"input_specs":[\#(specifications.joined(separator: ","))],"#
      + #""output_specs":[{"user_output":{"arg":{"as_tensor":{"name":"\#(output)"}}}}]}},"#
      + #""schema_version":\#(version),"torch_version":"2.99.0","opset_version":{"aten":10}}"#
  }

  /// What the weights' configuration says of one tensor.
  struct Weight {
    var path: String
    var member = "weight_0"
    var sizes = "[]"
    var strides = "[]"
    var offset = #"{"as_int":0}"#
    var dtype = 7
    var layout = 7
    var isPickled = false

    var json: String {
      #""\#(path)":{"path_name":"\#(member)","is_param":true,"use_pickle":\#(isPickled),"tensor_meta":{"dtype":\#(dtype),"#
        + #""sizes":\#(sizes),"strides":\#(strides),"storage_offset":\#(offset),"layout":\#(layout),"#
        + #""requires_grad":true,"device":{"type":"cpu","index":null}}}"#
    }
  }

  var weights = [
    Weight(
      path: "fc.weight", sizes: #"[{"as_int":3},{"as_int":2}]"#, strides: #"[{"as_int":2},{"as_int":1}]"#),
    Weight(path: "fc.bias", member: "weight_1", sizes: #"[{"as_int":3}]"#, strides: #"[{"as_int":1}]"#),
  ]

  /// The archive's members, those of PyTorch 2.9 and newer.
  var members: [ZipBuilder.Member] {
    [
      .init("m/data/weights/weight_0", (0..<24).map { UInt8($0) }),
      .init("m/data/weights/weight_1", (0..<12).map { UInt8($0) }),
      .init(
        "m/data/weights/model_weights_config.json",
        #"{"config":{\#(weights.map(\.json).joined(separator: ","))}}"#),
      .init("m/models/model.json", json),
      .init("m/archive_format", "pt2"), .init("m/archive_version", "0"), .init("m/byteorder", "little"),
      .init("m/.data/version", "6\n"),
    ]
  }

  var bytes: [UInt8] { ZipBuilder(members).bytes }
}
