#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "tools/kf/command.h"

static const struct kf_command_class *const commands[] = {
    &kf_command_compute,  &kf_command_explain,     &kf_command_compare,  &kf_command_up,
    &kf_command_show,     &kf_command_check,       &kf_command_editions, &kf_command_template,
    &kf_command_releases, &kf_command_projections, &kf_command_sources,  &kf_command_topics,
    &kf_command_keys,     &kf_command_ready,       &kf_command_report,   &kf_command_top,
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static int print_help(FILE *out, int code)
{
    (void)fprintf(out, "kf — need, production, efficiency and cost of every Norwegian "
                       "municipality, from KOSTRA figures\n\nUsage: kf COMMAND …\n\nCommands:\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        (void)fprintf(out, "  %-11s %s\n", commands[i]->name, commands[i]->purpose);
    }
    (void)fprintf(out, "\nkf COMMAND --help says more. kf --version prints the version.\n");
    return code;
}

static void print_command_help(const struct kf_command_class *command)
{
    (void)printf("Usage: kf %s %s\n\n%s\n", command->name, command->usage, command->help);
    if (command->arguments_len > 0) {
        (void)printf("\nOptions:\n");
    }
    for (size_t i = 0; i < command->arguments_len; i++) {
        const struct kf_argument *argument = &command->arguments[i];
        char left[64];
        const char *more = argument->kind == KF_ARGUMENT_MANY ? "…" : "";
        (void)snprintf(left, sizeof left, "--%s%s%s%s", argument->name, argument->value ? " " : "",
                       argument->value ? argument->value : "", more);
        int width = 28 + (more[0] ? (int)strlen(more) - 1 : 0); /* "…" is one character wide */
        (void)printf("  %-*s %s", width, left, argument->help);
        (void)printf(argument->initial ? " [%s]\n" : "\n", argument->initial);
    }
    (void)printf("\nExit codes: 0 done; 1 failed; 2 usage, settings or input files.\n");
}

static int run(const struct kf_command_class *command, int words_len, char *const *words)
{
    for (int i = 0; i < words_len; i++) {
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) {
            print_command_help(command);
            return KF_EXIT_OK;
        }
    }
    struct kf_arguments *arguments = NULL;
    struct kf_error err = {0};
    enum kf_err code = kf_arguments_read(command->arguments, command->arguments_len, words_len,
                                         words, &arguments, &err);
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf %s: %s\nUsage: kf %s %s\n", command->name, err.text,
                      command->name, command->usage);
        return code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
    }
    const char *const *words_given = NULL;
    int exit_code = KF_EXIT_USAGE;
    if (!command->words && kf_arguments_many(arguments, "", &words_given) > 0) {
        (void)fprintf(stderr, "kf %s: what is %s?\nUsage: kf %s %s\n", command->name,
                      words_given[0], command->name, command->usage);
    } else {
        exit_code = command->run(arguments);
    }
    kf_arguments_destroy(&arguments);
    return exit_code;
}

int main(int argc, char **argv)
{
    kf_log_open("kf", KF_LOG_WARN);
    if (argc < 2) {
        return print_help(stderr, KF_EXIT_USAGE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("kf %s\n", KF_VERSION);
        return KF_EXIT_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        return print_help(stdout, KF_EXIT_OK);
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i]->name) == 0) {
            return run(commands[i], argc - 2, argv + 2);
        }
    }
    (void)fprintf(stderr, "kf: there is no command %s\n\n", argv[1]);
    return print_help(stderr, KF_EXIT_USAGE);
}
