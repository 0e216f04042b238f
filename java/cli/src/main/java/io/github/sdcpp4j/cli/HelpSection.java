package io.github.sdcpp4j.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The parts that {@code --help} orders the options into. picocli has headings for argument groups only, and those forget
 * options when one of them is given twice.
 */
enum HelpSection {
    /** The files. */
    MODEL("Model"),
    /** What to start from. */
    START("Picture to start from"),
    /** What to make. */
    PICTURE("Picture"),
    /** What videos have and pictures have not. */
    VIDEO("Video"),
    /** How to make it larger. */
    UPSCALE("Upscaling"),
    /** Where to write it. */
    OUTPUT("Output"),
    /** How to compute it. */
    RUN("Running"),
    /** What every command has. */
    GENERAL("General");

    private final String heading;

    HelpSection(String heading) {
        this.heading = heading;
    }

    /** A mixin that knows where its options belong. */
    interface Member {

        /** Returns the part of the help to appear in. */
        HelpSection section();
    }

    /** Makes a command show its options in sections. */
    static void install(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSection::render);
    }

    private static String render(Help help) {
        Map<HelpSection, List<OptionSpec>> sections = new EnumMap<>(HelpSection.class);
        List<OptionSpec> general = new ArrayList<>(help.commandSpec().options());
        for (CommandSpec mixin : help.commandSpec().mixins().values()) {
            if (mixin.userObject() instanceof Member member) {
                sections.computeIfAbsent(member.section(), key -> new ArrayList<>()).addAll(mixin.options());
                general.removeAll(mixin.options());
            }
        }
        sections.put(GENERAL, general);
        StringBuilder text = new StringBuilder();
        sections.forEach((section, options) -> {
            Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(options, help.createDefaultParamLabelRenderer());
            text.append(System.lineSeparator()).append(section.heading).append(':').append(System.lineSeparator());
            text.append(layout);
        });
        return text.toString();
    }
}
