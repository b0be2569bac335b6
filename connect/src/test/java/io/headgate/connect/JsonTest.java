package io.headgate.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsNestedValuesOfEveryKind() {
        Object json = Json.parse(" {\"a\":[true,false,null,{\"b\":[]},\"x\"],\r\n\t\"c\":{},\"a b\":\"\"} ");

        assertEquals(Map.of("a", Arrays.asList(true, false, null, Map.of("b", List.of()), "x"), "c", Map.of(), "a b", ""),
            json);
    }

    @Test
    void readsEveryEscape() {
        assertEquals("\"\\/\b\f\n\r\t", Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""));
    }

    @Test
    void readsUnicodePlainEscapedAndAsSurrogatePairs() {
        assertEquals("pä€𝄞", Json.parse("\"pä€𝄞\""));
        assertEquals("pä€𝄞\u0000", Json.parse("\"p\\u00e4\\u20AC\\uD834\\uDD1E\\u0000\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "7", "5432", "1.10", "-12.5e+3", "1E400", "12345678901234567890123", "0.0e-1"})
    void keepsNumbersAsTheyWereWritten(String number) {
        assertEquals(number, assertInstanceOf(Json.Numeral.class, Json.parse(number)).text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "}", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{,}", "\"a",
        "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"\\u１234\"", "\"a\nb\"", "01", "+1", "1.", ".5", "1e", "-", "nul", "tru",
        "TRUE", "NaN", "1 2", "{} x", "'a'", "<html>", "\uffff", "[", "{\"a\":1", "\\"})
    void refusesWhatIsNotJson(String text) {
        assertThrows(VaultException.class, () -> Json.parse(text));
    }

    @Test
    void refusesEndlessNestingInsteadOfOverflowing() {
        assertThrows(VaultException.class, () -> Json.parse("[".repeat(100_000)));
    }

    @Test
    void errorsNeverQuoteTheText() {
        String message = assertThrows(VaultException.class, () -> Json.parse("{\"k\":\"s3cret\" oops}")).getMessage();

        assertFalse(message.contains("s3cret") || message.contains("oops"), message);
    }

    @ParameterizedTest
    @CsvSource({"plain", "'with \"quotes\" and \\ back'", "pä€𝄞", "''"})
    void quotesSoThatTheSameComesBack(String text) {
        assertEquals(text, Json.parse(Json.quote(text)));
    }

    @Test
    void quotesControlCharacters() {
        assertEquals("\"a\\u000a\\u0000b\"", Json.quote("a\n\0b"));
    }
}
