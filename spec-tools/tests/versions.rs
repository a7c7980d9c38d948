//! Changes between two versions of the spec: each kind of change both ways, the reports, the size of the step. Each
//! single part of the real spec is changed in turn.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use serde_json::{Value, json};
use spec_tools::versions::{self, SpecVersion, compare, faults, least};
use xtask::class::Class;
use xtask::finding::Finding;
use xtask::place::join;
use xtask::render::Format;

const OLD: &str = include_str!("pages/allotment.yaml");

/// A change to the older version, as two texts; the findings; and the findings the other way round.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// Each entry reads `CLASS KIND SUBJECT: FROM -> TO @LINE/LINE`; `~` stands for nothing, and `*` for a note.
const CASES: &[Case] = &[
    // The document.
    (
        "openapi: 3.0.3",
        "openapi: 3.0.4",
        &["breaking changed openapi: 3.0.3 -> 3.0.4 @1/1"],
        &["breaking changed openapi: 3.0.4 -> 3.0.3 @1/1"],
    ),
    (
        "openapi: 3.0.3\n",
        "openapi: 3.0.3\nx-odd: 1\n",
        &["breaking added x-odd: ~ -> 1 @1/2 *"],
        &["breaking removed x-odd: 1 -> ~ @2/1 *"],
    ),
    (
        "title: Allotment",
        "title: Allotments",
        &["breaking changed info.title: Allotment -> Allotments @3/3 *"],
        &["breaking changed info.title: Allotments -> Allotment @3/3 *"],
    ),
    (
        "version: \"9.8\"",
        "version: \"9.9\"",
        &["compatible changed info.version: 9.8 -> 9.9 @4/4"],
        &["compatible changed info.version: 9.9 -> 9.8 @4/4"],
    ),
    (
        "  description: A garden that is let in parts.\n",
        "",
        &["wording removed info.description @6/2"],
        &["wording added info.description @2/6"],
    ),
    // Servers: a generator takes the first.
    (
        "url: /api\n",
        "url: /rest\n",
        &["breaking changed servers.0.url: /api -> /rest @8/8"],
        &["breaking changed servers.0.url: /rest -> /api @8/8"],
    ),
    ("  - url: /api/v2\n", "", &["breaking removed servers.1 @10/7"], &["compatible added servers.1 @7/10"]),
    (
        "description: The garden itself.",
        "description: The garden.",
        &["wording changed servers.0.description @9/9"],
        &["wording changed servers.0.description @9/9"],
    ),
    // Ways to prove who asks: one of them is enough, and an empty list asks for none.
    (
        "  - basic: []\n",
        "",
        &["breaking removed security.{\"basic\":[]} @12/11"],
        &["compatible added security.{\"basic\":[]} @11/12"],
    ),
    (
        "  - basic: []\n  - {}\n",
        "  - {}\n  - basic: []\n",
        &["wording reordered security @11/11"],
        &["wording reordered security @11/11"],
    ),
    (
        "security:\n  - basic: []\n  - {}\n",
        "",
        &["breaking removed security: [{\"basic\":[]},{}] -> ~ @11/1"],
        &["breaking added security: ~ -> [{\"basic\":[]},{}] @1/11"],
    ),
    (
        "security: []\n",
        "security: [{basic: []}]\n",
        &["breaking changed POST /beds security: [] -> [{\"basic\":[]}] @51/51"],
        &["breaking changed POST /beds security: [{\"basic\":[]}] -> [] @51/51"],
    ),
    (
        "      security: []\n",
        "",
        &["breaking removed POST /beds security: [] -> ~ @51/48"],
        &["breaking added POST /beds security: ~ -> [] @48/51"],
    ),
    // Tags.
    ("  - name: Tools\n", "", &["breaking removed tags.Tools @17/14"], &["compatible added tags.Tools @14/17"]),
    (
        "description: The parts.",
        "description: Parts.",
        &["wording changed tags.Beds.description @16/16"],
        &["wording changed tags.Beds.description @16/16"],
    ),
    (
        "  - name: Beds\n    description: The parts.\n  - name: Tools\n",
        "  - name: Tools\n  - name: Beds\n    description: The parts.\n",
        &["wording reordered tags @14/14"],
        &["wording reordered tags @14/14"],
    ),
    // Operations.
    (
        "  /beds:\n",
        "  /plots:\n",
        &["breaking removed /beds @19/18", "compatible added /plots @18/19"],
        &["breaking removed /plots @19/18", "compatible added /beds @18/19"],
    ),
    (
        "    post:\n      operationId: bed_create\n      x-ontap-error-codes: [9001, 9002]\n      security: []\n      requestBody:\n        description: The bed.\n        content:\n          application/json:\n            schema:\n              $ref: \"#/components/schemas/new_bed\"\n      responses:\n        \"201\":\n          description: It is dug.\n          headers:\n            Location: {schema: {type: string}}\n        default:\n          $ref: \"#/components/responses/trouble\"\n",
        "",
        &["breaking removed POST /beds @48/19"],
        &["compatible added POST /beds @19/48"],
    ),
    (
        "operationId: bed_list",
        "operationId: beds_list",
        &["breaking changed GET /beds operationId: bed_list -> beds_list @21/21 *"],
        &["breaking changed GET /beds operationId: beds_list -> bed_list @21/21 *"],
    ),
    (
        "tags: [Beds]",
        "tags: [Tools]",
        &["breaking changed GET /beds tags: [\"Beds\"] -> [\"Tools\"] @22/22 *"],
        &["breaking changed GET /beds tags: [\"Tools\"] -> [\"Beds\"] @22/22 *"],
    ),
    (
        "summary: List the beds",
        "summary: All beds",
        &["wording changed GET /beds summary @23/23"],
        &["wording changed GET /beds summary @23/23"],
    ),
    (
        "      summary: List the beds\n",
        "      summary: List the beds\n      deprecated: true\n",
        &["compatible added GET /beds deprecated: ~ -> true @20/24"],
        &["compatible removed GET /beds deprecated: true -> ~ @24/20"],
    ),
    (
        "summary: List the beds\n      x-ntap-introduced: \"9.8\"",
        "summary: List the beds\n      x-ntap-introduced: \"9.9\"",
        &["compatible changed GET /beds x-ntap-introduced: 9.8 -> 9.9 @24/24"],
        &["compatible changed GET /beds x-ntap-introduced: 9.9 -> 9.8 @24/24"],
    ),
    (
        "summary: List the beds\n      x-ntap-introduced: \"9.8\"",
        "summary: List the beds",
        &["breaking removed GET /beds x-ntap-introduced: 9.8 -> ~ @24/20"],
        &["compatible added GET /beds x-ntap-introduced: ~ -> 9.8 @20/24"],
    ),
    (
        "[bed show, bed list]",
        "[bed show]",
        &["wording removed GET /beds x-ontap-commands.bed list @25/25"],
        &["wording added GET /beds x-ontap-commands.bed list @25/25"],
    ),
    (
        "[bed show, bed list]",
        "[bed list, bed show]",
        &["wording reordered GET /beds x-ontap-commands @25/25"],
        &["wording reordered GET /beds x-ontap-commands @25/25"],
    ),
    // Parameters.
    (
        "        - name: crop\n          in: query\n          description: Keep beds with this crop.\n          schema: {type: string, minLength: 2, maxLength: 12}\n          example: leek\n",
        "",
        &["breaking removed GET /beds parameters.crop @27/26"],
        &["compatible added GET /beds parameters.crop @26/27"],
    ),
    (
        "      parameters:\n        - name: crop",
        "      parameters:\n        - {name: full, in: query, required: true, schema: {type: boolean}}\n        - name: crop",
        &["breaking added GET /beds parameters.full @26/27"],
        &["breaking removed GET /beds parameters.full @27/26"],
    ),
    (
        "      parameters:\n        - name: crop\n          in: query\n          description: Keep beds with this crop.\n          schema: {type: string, minLength: 2, maxLength: 12}\n          example: leek\n        - $ref: \"#/components/parameters/fields\"\n",
        "      parameters:\n        - $ref: \"#/components/parameters/fields\"\n        - name: crop\n          in: query\n          description: Keep beds with this crop.\n          schema: {type: string, minLength: 2, maxLength: 12}\n          example: leek\n",
        &["breaking reordered GET /beds parameters @26/26"],
        &["breaking reordered GET /beds parameters @26/26"],
    ),
    (
        "        - name: crop\n          in: query\n",
        "        - name: crop\n          in: header\n",
        &["breaking removed GET /beds parameters.crop @27/26", "compatible added GET /beds parameters.crop @26/27"],
        &["breaking removed GET /beds parameters.crop @27/26", "compatible added GET /beds parameters.crop @26/27"],
    ),
    (
        "        - name: crop\n          in: query\n",
        "        - name: crop\n          in: query\n          required: true\n",
        &["breaking added GET /beds parameters.crop.required: ~ -> true @27/29"],
        &["compatible removed GET /beds parameters.crop.required: true -> ~ @29/27"],
    ),
    (
        "maxLength: 12",
        "maxLength: 13",
        &["compatible changed GET /beds parameters.crop.schema.maxLength: 12 -> 13 @30/30"],
        &["breaking changed GET /beds parameters.crop.schema.maxLength: 13 -> 12 @30/30"],
    ),
    (
        "minLength: 2, ",
        "",
        &["compatible removed GET /beds parameters.crop.schema.minLength: 2 -> ~ @30/30"],
        &["breaking added GET /beds parameters.crop.schema.minLength: ~ -> 2 @30/30"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "minLength: 2.5, maxLength: 12",
        &["breaking changed GET /beds parameters.crop.schema.minLength: 2 -> 2.5 @30/30"],
        &["breaking changed GET /beds parameters.crop.schema.minLength: 2.5 -> 2 @30/30"],
    ),
    (
        "example: leek",
        "example: bean",
        &["wording changed GET /beds parameters.crop.example @31/31"],
        &["wording changed GET /beds parameters.crop.example @31/31"],
    ),
    (
        "        - $ref: \"#/components/parameters/fields\"\n",
        "        - {name: fields, in: query, schema: {type: string}}\n",
        &["breaking changed GET /beds parameters.fields: #/components/parameters/fields -> ~ @32/32 *"],
        &["breaking changed GET /beds parameters.fields: ~ -> #/components/parameters/fields @32/32 *"],
    ),
    (
        "explode: false",
        "explode: true",
        &["breaking changed components.parameters.fields.explode: false -> true @73/73"],
        &["breaking changed components.parameters.fields.explode: true -> false @73/73"],
    ),
    (
        "parameters:\n    fields:\n      name: fields\n",
        "parameters:\n    columns:\n      name: fields\n",
        &[
            "breaking removed components.parameters.fields @69/68",
            "compatible added components.parameters.columns @68/69",
        ],
        &[
            "breaking removed components.parameters.columns @69/68",
            "compatible added components.parameters.fields @68/69",
        ],
    ),
    // Bodies.
    (
        "      requestBody:\n        description: The bed.\n",
        "      requestBody:\n        required: true\n        description: The bed.\n",
        &["breaking added POST /beds requestBody.required: ~ -> true @52/53"],
        &["compatible removed POST /beds requestBody.required: true -> ~ @53/52"],
    ),
    (
        "description: The bed.",
        "description: A bed.",
        &["wording changed POST /beds requestBody.description @53/53"],
        &["wording changed POST /beds requestBody.description @53/53"],
    ),
    (
        "      requestBody:\n        description: The bed.\n        content:\n          application/json:\n            schema:\n              $ref: \"#/components/schemas/new_bed\"\n",
        "",
        &["breaking removed POST /beds requestBody @52/48"],
        &["compatible added POST /beds requestBody @48/52"],
    ),
    (
        "            application/hal+json:\n              schema: {type: array, items: {type: object}}\n",
        "",
        &["breaking removed GET /beds responses.200.content.application/hal+json @44/36"],
        &["compatible added GET /beds responses.200.content.application/hal+json @36/44"],
    ),
    (
        "$ref: \"#/components/schemas/new_bed\"",
        "$ref: \"#/components/schemas/bed\"",
        &[
            "breaking changed POST /beds requestBody.content.application/json.schema: #/components/schemas/new_bed -> #/components/schemas/bed @56/56 *",
        ],
        &[
            "breaking changed POST /beds requestBody.content.application/json.schema: #/components/schemas/bed -> #/components/schemas/new_bed @56/56 *",
        ],
    ),
    (
        "none: {summary: No beds, value: []}",
        "none: {summary: No beds, value: [1]}",
        &["wording changed GET /beds responses.200.content.application/json.examples.none @43/43"],
        &["wording changed GET /beds responses.200.content.application/json.examples.none @43/43"],
    ),
    (
        "              examples:\n                none: {summary: No beds, value: []}\n",
        "",
        &["wording removed GET /beds responses.200.content.application/json.examples.none @43/37"],
        &["wording added GET /beds responses.200.content.application/json.examples.none @37/43"],
    ),
    // Answers.
    (
        "        \"201\":\n",
        "        \"200\":\n",
        &["breaking removed POST /beds responses.201 @59/58", "breaking added POST /beds responses.200 @58/59"],
        &["breaking removed POST /beds responses.200 @59/58", "breaking added POST /beds responses.201 @58/59"],
    ),
    (
        "description: It is dug.",
        "description: Dug.",
        &["wording changed POST /beds responses.201.description @60/60"],
        &["wording changed POST /beds responses.201.description @60/60"],
    ),
    (
        "          headers:\n            Location: {schema: {type: string}}\n",
        "",
        &["breaking removed POST /beds responses.201.headers.Location @62/59"],
        &["compatible added POST /beds responses.201.headers.Location @59/62"],
    ),
    (
        "Location: {schema",
        "Location: {required: true, schema",
        &["compatible added POST /beds responses.201.headers.Location.required: ~ -> true @62/62"],
        &["breaking removed POST /beds responses.201.headers.Location.required: true -> ~ @62/62"],
    ),
    (
        "          description: It is dug.\n",
        "          description: It is dug.\n          content: {application/json: {schema: {type: object}}}\n",
        &["breaking added POST /beds responses.201.content @59/61 *"],
        &["breaking removed POST /beds responses.201.content.application/json @61/59"],
    ),
    // Security schemes.
    (
        "scheme: basic}",
        "scheme: bearer}",
        &["breaking changed components.securitySchemes.basic.scheme: basic -> bearer @67/67"],
        &["breaking changed components.securitySchemes.basic.scheme: bearer -> basic @67/67"],
    ),
    (
        "    basic: {type: http, scheme: basic}\n",
        "    basic: {type: http, scheme: basic}\n    token: {type: http, scheme: bearer, bearerFormat: JWT}\n",
        &["compatible added components.securitySchemes.token @66/68"],
        &["breaking removed components.securitySchemes.token @68/66"],
    ),
    // Schemas: what is returned.
    (
        "required: [name]",
        "required: [name, crop]",
        &["compatible added components.schemas.bed.required.crop @87/87"],
        &["breaking removed components.schemas.bed.required.crop @87/87"],
    ),
    (
        "maxLength: 40, nullable: true",
        "maxLength: 41, nullable: true",
        &["breaking changed components.schemas.bed.properties.name.maxLength: 40 -> 41 @89/89"],
        &["compatible changed components.schemas.bed.properties.name.maxLength: 41 -> 40 @89/89"],
    ),
    (
        ", nullable: true",
        "",
        &["compatible removed components.schemas.bed.properties.name.nullable: true -> ~ @89/89"],
        &["breaking added components.schemas.bed.properties.name.nullable: ~ -> true @89/89"],
    ),
    (
        "description: Its name.",
        "description: A name.",
        &["wording changed components.schemas.bed.properties.name.description @89/89"],
        &["wording changed components.schemas.bed.properties.name.description @89/89"],
    ),
    (
        "        name: {type: string, maxLength: 40, nullable: true, description: Its name.}\n",
        "",
        &["breaking removed components.schemas.bed.properties.name @89/88"],
        &["compatible added components.schemas.bed.properties.name @88/89"],
    ),
    (
        "          allOf:\n            - $ref: \"#/components/schemas/crop\"\n",
        "          $ref: \"#/components/schemas/crop\"\n",
        &["breaking changed components.schemas.bed.properties.crop: ~ -> #/components/schemas/crop @90/90 *"],
        &["breaking changed components.schemas.bed.properties.crop: #/components/schemas/crop -> ~ @90/90 *"],
    ),
    (
        "            - $ref: \"#/components/schemas/crop\"\n",
        "            - $ref: \"#/components/schemas/crop\"\n            - description: A crop.\n",
        &["breaking added components.schemas.bed.properties.crop.allOf.1 @91/93"],
        &["breaking removed components.schemas.bed.properties.crop.allOf.1 @93/91"],
    ),
    // What is sent.
    (
        "required: [name, crop]",
        "required: [name]",
        &["compatible removed components.schemas.new_bed.required.crop @99/99"],
        &["breaking added components.schemas.new_bed.required.crop @99/99"],
    ),
    (
        "required: [name, crop]",
        "required: [crop, name]",
        &["wording reordered components.schemas.new_bed.required @99/99"],
        &["wording reordered components.schemas.new_bed.required @99/99"],
    ),
    (
        "maxLength: 40, x-ontap",
        "maxLength: 41, x-ontap",
        &["compatible changed components.schemas.new_bed.properties.name.maxLength: 40 -> 41 @101/101"],
        &["breaking changed components.schemas.new_bed.properties.name.maxLength: 41 -> 40 @101/101"],
    ),
    (
        "x-ontap-length-error-code: 9001, ",
        "",
        &["breaking removed components.schemas.new_bed.properties.name.x-ontap-length-error-code: 9001 -> ~ @101/101"],
        &["compatible added components.schemas.new_bed.properties.name.x-ontap-length-error-code: ~ -> 9001 @101/101"],
    ),
    (
        "x-ontap-length-error-code: 9001",
        "x-ontap-length-error-code: 9002",
        &[
            "breaking changed components.schemas.new_bed.properties.name.x-ontap-length-error-code: 9001 -> 9002 @101/101",
        ],
        &[
            "breaking changed components.schemas.new_bed.properties.name.x-ontap-length-error-code: 9002 -> 9001 @101/101",
        ],
    ),
    (
        "        length: {type: integer, default: 3, minimum: 1, x-ntap-readCreate: true}\n",
        "",
        &["breaking removed components.schemas.new_bed.properties.length @106/100"],
        &["compatible added components.schemas.new_bed.properties.length @100/106"],
    ),
    (
        "default: 3",
        "default: 4",
        &["breaking changed components.schemas.new_bed.properties.length.default: 3 -> 4 @106/106"],
        &["breaking changed components.schemas.new_bed.properties.length.default: 4 -> 3 @106/106"],
    ),
    (
        ", x-ntap-readCreate: true",
        "",
        &["breaking removed components.schemas.new_bed.properties.length.x-ntap-readCreate: true -> ~ @106/106"],
        &["breaking added components.schemas.new_bed.properties.length.x-ntap-readCreate: ~ -> true @106/106"],
    ),
    (
        "minimum: 1,",
        "minimum: 1, nullable: true,",
        &["compatible added components.schemas.new_bed.properties.length.nullable: ~ -> true @106/106"],
        &["breaking removed components.schemas.new_bed.properties.length.nullable: true -> ~ @106/106"],
    ),
    (
        "      minProperties: 1\n",
        "",
        &["compatible removed components.schemas.new_bed.minProperties: 1 -> ~ @98/95"],
        &["breaking added components.schemas.new_bed.minProperties: ~ -> 1 @95/98"],
    ),
    (
        "minProperties: 1",
        "minProperties: 0",
        &["compatible changed components.schemas.new_bed.minProperties: 1 -> 0 @98/98"],
        &["breaking changed components.schemas.new_bed.minProperties: 0 -> 1 @98/98"],
    ),
    (
        "[bed]",
        "[bed, plot]",
        &["wording added components.schemas.new_bed.x-ontap-documented-as.plot @96/96"],
        &["wording removed components.schemas.new_bed.x-ontap-documented-as.plot @96/96"],
    ),
    (
        "length: {type: integer",
        "length: {type: number",
        &["breaking changed components.schemas.new_bed.properties.length.type: integer -> number @106/106"],
        &["breaking changed components.schemas.new_bed.properties.length.type: number -> integer @106/106"],
    ),
    (
        "length: {type: integer",
        "length: {format: int32, type: integer",
        &["breaking added components.schemas.new_bed.properties.length.format: ~ -> int32 @106/106"],
        &["breaking removed components.schemas.new_bed.properties.length.format: int32 -> ~ @106/106"],
    ),
    (
        "length: {type: integer",
        "length: {title: Length, type: integer",
        &["breaking added components.schemas.new_bed.properties.length.title: ~ -> Length @106/106 *"],
        &["breaking removed components.schemas.new_bed.properties.length.title: Length -> ~ @106/106 *"],
    ),
    // Schemas that go both ways, with parts that go one way only.
    (
        "maximum: 200",
        "maximum: 199",
        &["breaking changed components.schemas.soil.properties.depth.maximum: 200 -> 199 @114/114"],
        &["breaking changed components.schemas.soil.properties.depth.maximum: 199 -> 200 @114/114"],
    ),
    (
        "maximum: 14",
        "maximum: 13",
        &["compatible changed components.schemas.soil.properties.acid.maximum: 14 -> 13 @115/115"],
        &["breaking changed components.schemas.soil.properties.acid.maximum: 13 -> 14 @115/115"],
    ),
    (
        "maxLength: 9,",
        "maxLength: 8,",
        &["breaking changed components.schemas.soil.properties.secret.maxLength: 9 -> 8 @116/116"],
        &["compatible changed components.schemas.soil.properties.secret.maxLength: 8 -> 9 @116/116"],
    ),
    (
        ", readOnly: true",
        "",
        &["breaking removed components.schemas.soil.properties.acid.readOnly: true -> ~ @115/115"],
        &["breaking added components.schemas.soil.properties.acid.readOnly: ~ -> true @115/115"],
    ),
    (
        "additionalProperties: {type: string}",
        "additionalProperties: {type: integer}",
        &["breaking changed components.schemas.soil.additionalProperties.type: string -> integer @112/112"],
        &["breaking changed components.schemas.soil.additionalProperties.type: integer -> string @112/112"],
    ),
    (
        "additionalProperties: {type: string}",
        "additionalProperties: false",
        &["breaking changed components.schemas.soil.additionalProperties: {\"type\":\"string\"} -> false @112/112"],
        &["breaking changed components.schemas.soil.additionalProperties: false -> {\"type\":\"string\"} @112/112"],
    ),
    // An object that is closed takes no more properties.
    (
        "additionalProperties: {type: string}\n      properties:\n",
        "additionalProperties: {type: string}\n      properties:\n        wet: {type: boolean}\n",
        &["compatible added components.schemas.soil.properties.wet @113/114"],
        &["breaking removed components.schemas.soil.properties.wet @114/113"],
    ),
    // Enums are open.
    (
        "[leek, bean]",
        "[leek, bean, kale]",
        &["compatible added components.schemas.crop.enum.kale @109/109"],
        &["breaking removed components.schemas.crop.enum.kale @109/109"],
    ),
    (
        "[leek, bean]",
        "[bean, leek]",
        &["wording reordered components.schemas.crop.enum @109/109"],
        &["wording reordered components.schemas.crop.enum @109/109"],
    ),
    (
        "      enum: [leek, bean]\n",
        "",
        &["breaking removed components.schemas.crop.enum: [\"leek\",\"bean\"] -> ~ @109/107"],
        &["breaking added components.schemas.crop.enum: ~ -> [\"leek\",\"bean\"] @107/109"],
    ),
    // Components by name.
    (
        "    crop:\n      type: string\n",
        "    fruit:\n      type: string\n",
        &["breaking removed components.schemas.crop @107/84", "compatible added components.schemas.fruit @84/107"],
        &["breaking removed components.schemas.fruit @107/84", "compatible added components.schemas.crop @84/107"],
    ),
    (
        "  schemas:\n",
        "  schemas:\n    tool: {type: object, properties: {}}\n",
        &["compatible added components.schemas.tool @84/85"],
        &["breaking removed components.schemas.tool @85/84"],
    ),
    (
        "  schemas:\n",
        "  links: {}\n  schemas:\n",
        &["breaking added components.links: ~ -> {} @65/84 *"],
        &["breaking removed components.links: {} -> ~ @84/65 *"],
    ),
    // Error codes.
    (
        "name: weeds",
        "name: nettles",
        &["breaking changed components.x-ontap-error-codes.9001.name: weeds -> nettles @119/119 *"],
        &["breaking changed components.x-ontap-error-codes.9001.name: nettles -> weeds @119/119 *"],
    ),
    (
        "summary: There are weeds.",
        "summary: Weeds.",
        &["wording changed components.x-ontap-error-codes.9001.summary @120/120"],
        &["wording changed components.x-ontap-error-codes.9001.summary @120/120"],
    ),
    (
        "      summary: There are weeds.\n",
        "      summary: There are weeds.\n      remedy: Pull them out.\n",
        &["wording added components.x-ontap-error-codes.9001.remedy @118/121"],
        &["wording removed components.x-ontap-error-codes.9001.remedy @121/118"],
    ),
    (
        "      summary: There are weeds.\n",
        "      summary: There are weeds.\n      hint: 1\n",
        &["breaking added components.x-ontap-error-codes.9001.hint: ~ -> 1 @118/121 *"],
        &["breaking removed components.x-ontap-error-codes.9001.hint: 1 -> ~ @121/118 *"],
    ),
    (
        "    9002:\n      name: shade\n      summary: There is shade.\n",
        "",
        &["breaking removed components.x-ontap-error-codes.9002 @121/117"],
        &["compatible added components.x-ontap-error-codes.9002 @117/121"],
    ),
    (
        "[9001, 9002]",
        "[9001]",
        &["breaking removed POST /beds x-ontap-error-codes.9002 @50/50"],
        &["compatible added POST /beds x-ontap-error-codes.9002 @50/50"],
    ),
    (
        "[9001, 9002]",
        "[9002, 9001]",
        &["wording reordered POST /beds x-ontap-error-codes @50/50"],
        &["wording reordered POST /beds x-ontap-error-codes @50/50"],
    ),
    (
        "      x-ontap-error-codes: [9001, 9002]\n",
        "",
        &[
            "breaking removed POST /beds x-ontap-error-codes.9001 @50/48",
            "breaking removed POST /beds x-ontap-error-codes.9002 @50/48",
        ],
        &[
            "compatible added POST /beds x-ontap-error-codes.9001 @48/50",
            "compatible added POST /beds x-ontap-error-codes.9002 @48/50",
        ],
    ),
    // Empty parts on both sides, and parts of another type.
    (
        "      tags: [Beds]\n",
        "      tags: []\n",
        &["breaking changed GET /beds tags: [\"Beds\"] -> [] @22/22 *"],
        &["breaking changed GET /beds tags: [] -> [\"Beds\"] @22/22 *"],
    ),
    (
        "        - name: crop\n          in: query\n",
        "        - in: query\n",
        &["breaking changed GET /beds parameters @26/26"],
        &["breaking changed GET /beds parameters @26/26"],
    ),
    (
        "security:\n  - basic: []\n  - {}\n",
        "security: basic\n",
        &["breaking changed security: [{\"basic\":[]},{}] -> basic @11/11"],
        &["breaking changed security: basic -> [{\"basic\":[]},{}] @11/11"],
    ),
    (
        "    get:\n      operationId: bed_list\n",
        "    parameters: []\n    get:\n      operationId: bed_list\n",
        &["wording added /beds parameters @19/20"],
        &["wording removed /beds parameters @20/19"],
    ),
];

fn version(file: &str, text: &str) -> SpecVersion {
    SpecVersion::parse(file, text).unwrap_or_else(|error| panic!("{error}"))
}

fn class(change: &Finding) -> Class {
    change.class.expect("a change has a class")
}

fn said(changes: &[Finding]) -> Vec<String> {
    let one = |change: &Finding| {
        let side = |value: &Option<String>| value.clone().unwrap_or("~".to_owned());
        let values = match (&change.from, &change.to) {
            (None, None) => String::new(),
            (from, to) => format!(": {} -> {}", side(from), side(to)),
        };
        let (class, kind, subject) = (class(change).name(), change.rule.id(), &change.subject);
        let note = if change.note.is_some() { " *" } else { "" };
        format!("{class} {kind} {subject}{values} @{}/{}{note}", change.from_at[0].line, change.to_at[0].line)
    };
    changes.iter().map(one).collect()
}

#[test]
fn each_kind_of_change() {
    let old = version("old.yaml", OLD);
    assert_eq!(said(&compare(&old, &old)), [""; 0]);
    for (before, after, forward, backward) in CASES {
        assert_eq!(OLD.matches(before).count(), 1, "{before}");
        let new = version("new.yaml", &OLD.replace(before, after));
        assert_eq!(said(&compare(&old, &new)), *forward, "{before} -> {after}");
        assert_eq!(said(&compare(&new, &old)), *backward, "{after} -> {before}");
    }
}

/// A strict reader of a closed object fails on a new member.
#[test]
fn a_member_more_of_an_object_that_is_closed() {
    let closed = OLD.replace("additionalProperties: {type: string}", "additionalProperties: false");
    let more = closed.replace("        depth: {", "        wet: {type: boolean}\n        depth: {");
    let changes = compare(&version("old.yaml", &closed), &version("new.yaml", &more));
    assert_eq!(said(&changes), ["breaking added components.schemas.soil.properties.wet @113/114"]);
}

#[test]
fn the_order_of_keys_and_comments_are_no_change() {
    let other = OLD
        .replace("  title: Allotment\n  version: \"9.8\"\n", "  version: '9.8' # of the garden\n  title: Allotment\n");
    assert_ne!(other, OLD);
    assert_eq!(said(&compare(&version("old.yaml", OLD), &version("new.yaml", &other))), [""; 0]);
}

fn versioned(version: &str) -> String {
    OLD.replace("x-ontap-spec-version: 1.2.3", &format!("x-ontap-spec-version: {version}"))
}

#[test]
fn the_lowest_version() {
    let old = version("old.yaml", OLD);
    let least_of = |text: &str| least(old.version(), &compare(&old, &version("new.yaml", text)));
    let least = |before: &str, after: &str| least_of(&OLD.replace(before, after));
    assert_eq!(least("", "").to_string(), "1.2.3");
    assert_eq!(least("It is dug.", "Dug.").to_string(), "1.2.4");
    assert_eq!(least("[leek, bean]", "[leek, bean, kale]").to_string(), "1.3.0");
    assert_eq!(least("[leek, bean]", "[leek]").to_string(), "2.0.0");
    assert_eq!(least_of(&versioned("7.0.0")).to_string(), "1.2.3");
}

#[test]
fn documents_without_a_version() {
    for (text, expected) in [
        (
            OLD.replace("  x-ontap-spec-version: 1.2.3\n", ""),
            "2:1: info.x-ontap-spec-version is missing; it holds a version such as 1.0.0",
        ),
        (versioned("1.2"), "5:3: info.x-ontap-spec-version is no version of three numbers such as 1.0.0"),
        (versioned("1.2.3-rc.1"), "5:3: info.x-ontap-spec-version is no version of three numbers such as 1.0.0"),
        (versioned("[1]"), "5:3: info.x-ontap-spec-version is no version of three numbers such as 1.0.0"),
        ("[]\n".to_owned(), "1:1: expected a mapping"),
        ("a: [\n".to_owned(), ""),
    ] {
        let error = SpecVersion::parse("new.yaml", &text).expect_err("it is refused").to_string();
        assert!(error.starts_with(&format!("new.yaml:{expected}")), "{error}");
    }
}

/// One of each class, a note, and what would steer a terminal or break a table.
fn report(format: Format) -> String {
    let mut new = versioned("1.2.4");
    for (before, after) in [
        ("operationId: bed_list", "operationId: beds_list"),
        ("[leek, bean]", "[leek, bean, \"ka|le\\e[2J\"]"),
        ("It is dug.", "Dug."),
    ] {
        assert!(new.contains(before), "{before}");
        new = new.replace(before, after);
    }
    shown(format, &new)
}

fn shown(format: Format, new: &str) -> String {
    let (old, new) = (version("old.yaml", OLD), version("new.yaml", new));
    let changes = compare(&old, &new);
    let changelog = "## 1.2.4 - 2026-11-27\n\n- All.\n\n## 1.2.3 - 2026-11-26\n\n- All.\n";
    let faults = faults(&old, &new, &changes, changelog);
    format.changes(&versions::report(&old, &new, &changes, &faults)).expect("it is shown")
}

#[test]
fn a_report_for_people() {
    assert_eq!(report(Format::Text), TEXT);
    let nothing = "from 1.2.3 (old.yaml) to 1.2.3 (new.yaml): 0 breaking, 0 compatible, 0 wording\n";
    assert_eq!(shown(Format::Text, OLD), nothing);
}

#[test]
fn a_report_in_markdown() {
    assert_eq!(report(Format::Markdown), MARKDOWN);
    assert_eq!(shown(Format::Markdown, OLD), "## From 1.2.3 to 1.2.3\n\nNo changes.\n");
}

#[test]
fn a_report_for_programs() {
    let report: Value = serde_json::from_str(&report(Format::Json)).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("../../spec/versions.schema.json")).expect("the schema");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    assert_eq!(schema.iter_errors(&report).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
    assert!(!schema.is_valid(&json!({})));
    assert_eq!(report["summary"], json!({ "breaking": 1, "compatible": 1, "wording": 1, "gaps": 0 }));
    assert_eq!(report["least_version"], "2.0.0");
    assert_eq!(report["faults"], json!([TEXT.lines().last().expect("a line")]));
    let expected = json!({
        "rule": "changed",
        "class": "breaking",
        "operations": [],
        "subject": "GET /beds operationId",
        "from": "bed_list",
        "to": "beds_list",
        "from_at": [{ "file": "old.yaml", "line": 21, "column": 7, "pointer": "/paths/~1beds/get/operationId" }],
        "to_at": [{ "file": "new.yaml", "line": 21, "column": 7, "pointer": "/paths/~1beds/get/operationId" }],
        "note": "generators make names of it",
    });
    assert_eq!(report["changes"][0], expected);
}

/// The real spec twice, one to be changed: reading it takes longer than comparing.
fn real() -> [SpecVersion; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace");
    let text = std::fs::read_to_string(root.join("spec/ontap-ipsec.yaml")).expect("the spec");
    ["old.yaml", "new.yaml"].map(|file| version(file, &text))
}

/// All parts below `value`, with their pointers.
fn parts(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (join(pointer, key), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (join(pointer, &index.to_string()), item)).collect()
        }
        _ => return,
    };
    for (pointer, value) in below {
        found.push(pointer.clone());
        parts(value, &pointer, found);
    }
}

/// Whether the one pointer leads to or through the other.
fn related(one: &str, other: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    within(one, other) || within(other, one)
}

/// Changes the real spec in one place, and looks for the change there, in both directions.
#[track_caller]
fn is_noticed([old, new]: &mut [SpecVersion; 2], pointer: &str, what: &str, changed: Value) -> Class {
    *new.content() = changed;
    // Without its place in a list, which others take.
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let place = if pointer.ends_with(|c: char| c.is_ascii_digit()) { parent } else { pointer };
    let classes = [compare(old, new), compare(new, old)].map(|changes| {
        let mut here = changes
            .iter()
            .filter(|change| related(&change.from_at[0].pointer, place) || related(&change.to_at[0].pointer, place));
        let first =
            here.next().unwrap_or_else(|| panic!("{pointer} is {what}, and nobody says so: {:?}", said(&changes)));
        assert_eq!(changes[0].class, changes.iter().map(|change| change.class).min().expect("one"));
        assert!(!first.subject.is_empty(), "{pointer} is {what}");
        class(first)
    });
    classes[0]
}

fn is_for_people(pointer: &str) -> bool {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    let words = ["description", "summary", "remedy", "x-ontap-commands", "x-ontap-documented-as"];
    let member = !pointer.contains("/properties/description")
        && (words.contains(&last) || words.iter().any(|word| pointer.contains(&format!("/{word}/"))));
    member
        || pointer.starts_with("/info/contact")
        || pointer.starts_with("/info/license")
        || pointer.contains("/example")
}

/// Tries each of `all` on the real spec, in two threads; both take from the whole of the list.
fn in_two_threads(all: &[String], attempt: impl Fn(&mut [SpecVersion; 2], &String) + Sync) {
    let attempt = &attempt;
    std::thread::scope(|scope| {
        for first in 0..2 {
            scope.spawn(move || {
                let mut real = real();
                all.iter().skip(first).step_by(2).for_each(|pointer| attempt(&mut real, pointer));
            });
        }
    });
}

/// Changes each scalar, and removes each member and item: each change is found, and no loss counts as harmless.
#[test]
fn each_part_of_the_real_spec() {
    let spec = real()[0].content().clone();
    let mut all = Vec::new();
    parts(&spec, "", &mut all);
    assert!(all.len() > 1000, "{}", all.len());
    let harmless = Mutex::new(BTreeSet::new());
    let is_harmless = |what: String| harmless.lock().expect("no thread has stopped").insert(what);
    in_two_threads(&all, |real, pointer| {
        let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
        let last = last.replace("~1", "/").replace("~0", "~");
        let mut less = spec.clone();
        match less.pointer_mut(parent).expect(parent) {
            Value::Object(members) => {
                members.shift_remove(&last).expect("a member");
            }
            Value::Array(items) => {
                items.remove(last.parse().expect("an index"));
            }
            _ => panic!("{parent}"),
        }
        let class = is_noticed(real, pointer, "gone", less);
        assert_eq!(class == Class::Wording, is_for_people(pointer), "{pointer} is gone: {class:?}");
        if class == Class::Compatible {
            is_harmless(format!("{last} gone"));
        }

        let mut other = spec.clone();
        let value = other.pointer_mut(pointer).expect(pointer);
        let is_scalar = !value.is_object() && !value.is_array();
        *value = match value {
            Value::String(text) => format!("{text}x").into(),
            Value::Number(number) => (number.as_i64().expect("a whole number") + 1).into(),
            Value::Bool(flag) => (!*flag).into(),
            Value::Null => "x".into(),
            Value::Object(_) | Value::Array(_) => "something else".into(),
        };
        let class = is_noticed(real, pointer, "another", other);
        if is_scalar {
            assert_eq!(class == Class::Wording, is_for_people(pointer), "{pointer} is another: {class:?}");
        }
        if class == Class::Compatible {
            is_harmless(format!("{last} another"));
        }
    });
    let harmless = harmless.into_inner().expect("no thread has stopped");
    let harmless: Vec<&str> = harmless.iter().map(String::as_str).collect();
    assert_eq!(harmless, HARMLESS);
}

/// Each mapping has a member more, which nothing knows, and each list an item more.
#[test]
fn each_addition_to_the_real_spec() {
    let spec = real()[0].content().clone();
    let mut all = vec![String::new()];
    parts(&spec, "", &mut all);
    in_two_threads(&all, |real, pointer| {
        let mut more = spec.clone();
        let class = match more.pointer_mut(pointer).expect(pointer) {
            Value::Object(members) => {
                members.insert("x-odd".to_owned(), json!({ "x-odd": [1] }));
                is_noticed(real, &join(pointer, "x-odd"), "new", more)
            }
            Value::Array(items) => {
                items.push(json!("odd"));
                is_noticed(real, pointer, "longer", more)
            }
            _ => return,
        };
        // Of a mapping from names, it is one more.
        let names = [
            "schemas",
            "properties",
            "parameters",
            "headers",
            "responses",
            "content",
            "securitySchemes",
            "x-ontap-error-codes",
            "security",
            "enum",
        ];
        let last = pointer.rsplit('/').next().unwrap_or_default();
        match class {
            Class::Wording => assert!(is_for_people(pointer), "{pointer}"),
            Class::Compatible => assert!(names.contains(&last), "{pointer}"),
            Class::Breaking => {}
        }
    });
}

const TEXT: &str = "\
breaking: 1
  changed GET /beds operationId: bed_list -> beds_list
    old.yaml:21 -> new.yaml:21
    note: generators make names of it

compatible: 1
  added components.schemas.crop.enum.ka|le\\u{1b}[2J
    old.yaml:109 -> new.yaml:109

wording: 1
  changed POST /beds responses.201.description
    old.yaml:60 -> new.yaml:60

from 1.2.3 (old.yaml) to 1.2.4 (new.yaml): 1 breaking, 1 compatible, 1 wording
a breaking change takes a major step: set info.x-ontap-spec-version to 2.0.0 and say so in spec/CHANGELOG.md
";

const MARKDOWN: &str = "\
## From 1.2.3 to 1.2.4

### Breaking: 1

| Change | Subject | From | To | Where |
| --- | --- | --- | --- | --- |
| changed | `GET /beds operationId`<br>generators make names of it | `bed_list` | `beds_list` | old.yaml:21 to new.yaml:21 |

### Compatible: 1

| Change | Subject | From | To | Where |
| --- | --- | --- | --- | --- |
| added | <code>components.schemas.crop.enum.ka&#124;le &#91;2J</code> |  |  | old.yaml:109 to new.yaml:109 |

### Wording only: 1

| Change | Subject | From | To | Where |
| --- | --- | --- | --- | --- |
| changed | `POST /beds responses.201.description` |  |  | old.yaml:60 to new.yaml:60 |

### What is wrong with the version

- a breaking change takes a major step: set info.x-ontap-spec-version to 2.0.0 and say so in spec/CHANGELOG.md
";
/// The parts of the real spec that may go or change in a minor step: wider limits of requests, nulls that are no longer
/// returned, and members that requests no longer need.
const HARMLESS: [&str; 15] = [
    "maxLength another",
    "maxLength gone",
    "maximum another",
    "maximum gone",
    "minItems gone",
    "minLength gone",
    "minProperties gone",
    "minimum gone",
    "nullable another",
    "nullable gone",
    "required another",
    "required gone",
    "version another",
    "version gone",
    "x-ntap-introduced another",
];
