/** Where frameworks that build on LangChain4j put in a builder of their own. */
package io.github.sdcpp4j.langchain4j.spi;
