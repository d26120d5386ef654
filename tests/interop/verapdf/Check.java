import java.io.FileInputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files against PDF/UA-1: a line for each, a line for each fault, status 1 if any. */
public class Check {
    public static void main(String[] names) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean faulty = false;
        for (String name : names) {
            ValidationResult result = validated(name);
            faulty |= !result.isCompliant();
            System.out.printf(
                "%s: %s, %d checks%n",
                name.substring(name.lastIndexOf('/') + 1),
                result.isCompliant() ? "PDF/UA-1" : "NOT PDF/UA-1",
                result.getTotalAssertions());
            Set<String> faults = new LinkedHashSet<>();
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    faults.add("  clause " + one.getRuleId().getClause() + ": " + one.getMessage());
                }
            }
            faults.forEach(System.out::println);
        }
        System.exit(faulty ? 1 : 0);
    }

    private static ValidationResult validated(String name) throws Exception {
        PDFAFlavour ua = PDFAFlavour.PDFUA_1;
        try (PDFAParser parser =
                     Foundries.defaultInstance().createParser(new FileInputStream(name), ua);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(ua, false)) {
            return validator.validate(parser);
        }
    }
}
