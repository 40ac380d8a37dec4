# What the release program is compiled and linked with, so that a mistake with memory ends the program
# instead of serving who provoked it. `scripts/security` reads from the program what is there, and
# tests/test_hardening.py fails without. Only for the release: the sanitizers of the other presets see
# more, and do not go together with _FORTIFY_SOURCE.
function(hearth_harden target)
    target_compile_options(${target} INTERFACE
                           -fstack-protector-strong
                           -fstack-clash-protection
                           -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
                           # What a function forgot to set is zero, not what the last one left behind.
                           -ftrivial-auto-var-init=zero
                           -fPIE)
    # Shadow stack and indirect branches are told apart by the processor, on x86 alone.
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
        target_compile_options(${target} INTERFACE -fcf-protection=full)
    elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
        target_compile_options(${target} INTERFACE -mbranch-protection=standard)
    endif()
    # Addresses of functions are found at the start, and their table is read-only from then on.
    target_link_options(${target} INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endfunction()
