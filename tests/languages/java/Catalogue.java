// Writes the catalogue x-ontap-error-codes of the spec as a Java enum: no generator knows the extension.
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

class Catalogue {
    public static void main(String[] paths) throws Exception {
        var spec = new ObjectMapper(new YAMLFactory()).readTree(new File(paths[0]));
        var constants = new StringJoiner(",\n", "", ";\n");
        for (var entry : spec.at("/components/x-ontap-error-codes").properties()) {
            var name = entry.getValue().get("name").asText().replace('-', '_').toUpperCase();
            var summary = entry.getValue().get("summary").asText();
            constants.add("    /** " + summary + " */\n    " + name + "(\"" + entry.getKey() + "\")");
        }
        Files.writeString(Path.of(paths[1]), """
            package ontap;

            public enum ErrorCode {
            %s
                public final String code;

                ErrorCode(String code) {
                    this.code = code;
                }
            }
            """.formatted(constants));
    }
}
